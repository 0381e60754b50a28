import type { RoadEdge, RoadGraph } from '../road-graph.ts';

/**
 * Cheapest way between two nodes (Dijkstra with a binary heap), as the edges to drive in order; `[]` when they are
 * one node, undefined when there is no way. `cost` must be ≥ 0; by default the seconds at the speed limit.
 */
export function shortestPath(
  graph: RoadGraph,
  fromNode: number,
  toNode: number,
  cost: (edge: RoadEdge) => number = secondsAtLimit,
): RoadEdge[] | undefined {
  const best = new Float64Array(graph.nodes.length).fill(Number.POSITIVE_INFINITY);
  const arrivedBy = new Int32Array(graph.nodes.length).fill(-1);
  const heap: { node: number; total: number }[] = [];
  best[fromNode] = 0;
  push(heap, { node: fromNode, total: 0 });
  for (let top = pop(heap); top; top = pop(heap)) {
    if (top.node === toNode) return edgesTo(graph, arrivedBy, fromNode, toNode);
    if (top.total > best[top.node]!) continue;
    for (const id of graph.out[top.node] ?? []) {
      const edge = graph.edges[id]!;
      const total = top.total + cost(edge);
      if (total >= best[edge.to]!) continue;
      best[edge.to] = total;
      arrivedBy[edge.to] = id;
      push(heap, { node: edge.to, total });
    }
  }
  return undefined;
}

function secondsAtLimit(edge: RoadEdge): number {
  return edge.lengthM / (edge.speedLimitKmh / 3.6);
}

function edgesTo(graph: RoadGraph, arrivedBy: Int32Array, fromNode: number, toNode: number): RoadEdge[] {
  const way: RoadEdge[] = [];
  for (let node = toNode; node !== fromNode; ) {
    const edge = graph.edges[arrivedBy[node]!]!;
    way.push(edge);
    node = edge.from;
  }
  return way.reverse();
}

type Heap = { node: number; total: number }[];

function push(heap: Heap, entry: Heap[number]): void {
  let i = heap.push(entry) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (heap[parent]!.total <= entry.total) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = entry;
}

function pop(heap: Heap): Heap[number] | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (!top || !last || heap.length === 0) return top;
  let i = 0;
  for (let child = 1; child < heap.length; child = 2 * i + 1) {
    if (child + 1 < heap.length && heap[child + 1]!.total < heap[child]!.total) child++;
    if (heap[child]!.total >= last.total) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = last;
  return top;
}
