import { describe, expect, it } from 'vitest';
import { nearestOnSegment, toPlane } from './geometry/plane.ts';
import { componentSizes } from './graph/components.ts';
import { buildRoadGraph, graphOf, shortestPath } from './road-graph.ts';
import { minor, motorway } from './strasbourg/road-line.ts';

const graph = buildRoadGraph();

function distanceToRoadM(name: string, lat: number, lon: number): number {
  const p = toPlane([lat, lon]);
  let best = Number.POSITIVE_INFINITY;
  for (const edge of graph.edges) {
    if (edge.name !== name && edge.ref !== name) continue;
    const points = edge.points.map(toPlane);
    for (let i = 1; i < points.length; i++) {
      best = Math.min(best, nearestOnSegment(p, points[i - 1]!, points[i]!).distanceM);
    }
  }
  return best;
}

function nodeNear(lat: number, lon: number): number {
  const away = graph.nodes.map((node) => Math.hypot(node.lat - lat, (node.lon - lon) * 0.66));
  return away.indexOf(Math.min(...away));
}

describe('the road graph of Strasbourg', () => {
  it('is one network: 99 % of the nodes reach each other', () => {
    const sizes = componentSizes(graph);
    expect(sizes[0]! / graph.nodes.length).toBeGreaterThanOrEqual(0.99);
  });

  it('has no sliver edges, and edges fit their nodes', () => {
    const broken = graph.edges.filter((edge, id) => {
      const from = graph.nodes[edge.from]!;
      const to = graph.nodes[edge.to]!;
      const first = edge.points[0]!;
      const last = edge.points.at(-1)!;
      const joined = first[0] === from.lat && first[1] === from.lon && last[0] === to.lat && last[1] === to.lon;
      return !joined || edge.lengthM < 3 || edge.id !== id || !graph.out[edge.from]!.includes(id);
    });
    expect(broken).toEqual([]);
  });

  it.each([
    ['Place de la Gare', 48.585, 7.7345],
    ['Route du Polygone', 48.5727, 7.756],
    ['Avenue de Colmar', 48.5727, 7.756],
    ['Avenue de la Paix', 48.587, 7.7548],
    ['Boulevard de Dresde', 48.5976, 7.769],
    ['N 4', 48.574, 7.801],
    ['Avenue du Neuhof', 48.546, 7.765],
    ['Rue de la Fédération', 48.556, 7.746],
    ['Route de Bischwiller', 48.615, 7.753],
    ['Route de Lyon', 48.529, 7.718],
  ])('%s passes its landmark within 150 m', (name, lat, lon) => {
    expect(distanceToRoadM(name, lat, lon)).toBeLessThan(150);
  });

  it('is the same every time', () => {
    expect(JSON.stringify(buildRoadGraph()) === JSON.stringify(graph)).toBe(true);
  });

  it('finds a way from the Neuhof to Schiltigheim that is connected and not absurdly long', () => {
    const way = shortestPath(graph, nodeNear(48.546, 7.765), nodeNear(48.607, 7.749))!;
    for (let i = 1; i < way.length; i++) expect(way[i]!.from).toBe(way[i - 1]!.to);
    const lengthM = way.reduce((sum, edge) => sum + edge.lengthM, 0);
    expect(lengthM).toBeGreaterThan(6_900);
    expect(lengthM).toBeLessThan(12_000);
  });
});

describe('joining drawn lines', () => {
  it('makes a crossroads of two crossing streets', () => {
    const { nodes, edges } = graphOf([
      minor('A', 30, '48.58 7.74, 48.58 7.76'),
      minor('B', 30, '48.57 7.75, 48.59 7.75'),
    ]);
    expect(nodes).toHaveLength(5);
    expect(edges).toHaveLength(8);
  });

  it('carries a motorway over a street away from interchanges', () => {
    const crossed = graphOf([motorway('M', 90, '48.53 7.62, 48.53 7.66'), minor('B', 30, '48.52 7.64, 48.54 7.64')]);
    expect(crossed.edges).toHaveLength(4);
  });

  it('pulls an end that stops 20 m short onto the street it means', () => {
    const { nodes, edges } = graphOf([
      minor('A', 30, '48.58 7.74, 48.58 7.76'),
      minor('B', 30, '48.5802 7.75, 48.59 7.75'),
    ]);
    expect(nodes).toHaveLength(4);
    expect(edges).toHaveLength(6);
  });

  it('finds no way between separate streets', () => {
    const apart = graphOf([minor('A', 30, '48.58 7.74, 48.58 7.76'), minor('B', 30, '48.59 7.74, 48.59 7.76')]);
    expect(shortestPath(apart, 0, 3)).toBeUndefined();
    expect(shortestPath(apart, 0, 0)).toEqual([]);
  });
});
