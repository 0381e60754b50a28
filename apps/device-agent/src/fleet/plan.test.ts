import { describe, expect, it } from 'vitest';
import { parsePlan } from './plan.ts';

const box = (label: string, more: object = {}) => ({
  label,
  dir: `/boxes/${label}`,
  sensor: { kind: 'simulator', seed: 1 },
  ...more,
});
const replay = { sensor: { kind: 'replay', path: '/d.csv', speed: 'max' } };

describe('fleet plan', () => {
  it('fills in what is usual', () => {
    const plan = parsePlan(JSON.stringify({ site: 'http://localhost:8480', boxes: [box('a')] }));
    expect(plan).toMatchObject({ once: false, batch: { maxAgeMs: 1000, maxReadings: 600 } });
    expect(plan.boxes[0]).toMatchObject({ vehicle: {}, sensor: { kind: 'simulator', use: 'commuter' } });
  });

  it.each([
    ['{', /no JSON/],
    [{ boxes: [box('a')] }, /site or sites/],
    [{ site: 'ftp://x', boxes: [box('a')] }, /site/],
    [{ site: 'http://x', boxes: [] }, /boxes/],
    [{ site: 'http://x', boxes: [box('a'), box('a', { dir: '/other' })] }, /labels must differ/],
    [{ site: 'http://x', boxes: [box('a'), box('b', { dir: '/boxes/a' })] }, /folders must differ/],
    [{ site: 'http://x', once: true, boxes: [box('a')] }, /a simulator has no end/],
    [{ site: 'http://x', boxes: [box('a', { sensor: { kind: 'replay', path: '/d', speed: 0 } })] }, /speed/],
    [{ site: 'http://x', boxes: [box('a', { sensor: { kind: 'magic' } })] }, /kind/],
  ])('says what is wrong: %j', (plan, message) => {
    expect(() => parsePlan(typeof plan === 'string' ? plan : JSON.stringify(plan))).toThrow(message);
  });

  it('takes several sites and a replay to its end', () => {
    const plan = parsePlan(JSON.stringify({ sites: ['http://a', 'http://b'], once: true, boxes: [box('a', replay)] }));
    expect(plan.sites).toEqual(['http://a', 'http://b']);
  });
});
