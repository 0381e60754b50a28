import type { RoadGraph } from '../road-graph.ts';

/**
 * Sizes (in nodes) of the strongly connected components, largest first. Two passes of depth-first search
 * (Kosaraju), iterative because the network is deeper than the call stack likes.
 */
export function componentSizes(graph: RoadGraph): number[] {
  const into: number[][] = graph.nodes.map(() => []);
  for (const edge of graph.edges) into[edge.to]!.push(edge.from);
  const outward = graph.out.map((ids) => ids.map((id) => graph.edges[id]!.to));
  const finished: number[] = [];
  const visited = new Set<number>();
  for (let node = 0; node < graph.nodes.length; node++) walk(node, outward, visited, (done) => finished.push(done));
  const sizes: number[] = [];
  const collected = new Set<number>();
  for (const node of finished.reverse()) {
    let size = 0;
    walk(node, into, collected, () => size++);
    if (size > 0) sizes.push(size);
  }
  return sizes.sort((a, b) => b - a);
}

function walk(start: number, next: number[][], visited: Set<number>, leave: (node: number) => void): void {
  if (visited.has(start)) return;
  visited.add(start);
  const stack = [{ node: start, at: 0 }];
  for (let top = stack[0]; top; top = stack[stack.length - 1]) {
    const neighbour = next[top.node]![top.at++];
    if (neighbour === undefined) {
      leave(top.node);
      stack.pop();
    } else if (!visited.has(neighbour)) {
      visited.add(neighbour);
      stack.push({ node: neighbour, at: 0 });
    }
  }
}
