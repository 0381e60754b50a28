import { describe, expect, it } from 'vitest';
import { createQueryGate, until } from './query-gate.ts';

const never = new AbortController().signal;
const gateOf = (rest: Partial<Parameters<typeof createQueryGate>[0]> = {}) =>
  createQueryGate({ most: 2, waiting: 1, withinMs: 60_000, ...rest });

function held() {
  let open = () => {};
  const whenOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, whenOpen };
}

describe('query gate', () => {
  it('runs so many at a time, lets so many wait, refuses the rest', async () => {
    const gate = gateOf();
    const doors = [held(), held(), held()];
    const started: number[] = [];
    const runs = doors.map((door, i) =>
      gate.run(async () => {
        started.push(i);
        await door.whenOpen;
        return i;
      }, never),
    );
    await expect(gate.run(async () => 9, never)).rejects.toMatchObject({ code: 'overloaded', retryAfterS: 2 });
    expect(started).toEqual([0, 1]);
    doors[1]!.open();
    expect(await runs[1]).toBe(1);
    doors[2]!.open();
    expect(await runs[2]).toBe(2);
    doors[0]!.open();
    expect(await runs[0]).toBe(0);
    expect(await gate.run(async () => 9, never)).toBe(9);
  });

  it('frees the place of a query that failed', async () => {
    const gate = gateOf({ most: 1 });
    await expect(gate.run(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
    expect(await gate.run(async () => 1, never)).toBe(1);
  });

  it('says overloaded after the time, and keeps the place until the query has stopped', async () => {
    const gate = gateOf({ most: 1, waiting: 0, withinMs: 20 });
    const door = held();
    await expect(gate.run(() => door.whenOpen, never)).rejects.toMatchObject({ code: 'overloaded' });
    await expect(gate.run(async () => 1, never)).rejects.toMatchObject({ code: 'overloaded' });
    door.open();
    await expect.poll(() => gate.run(async () => 1, never).catch(() => 0)).toBe(1);
  });

  it('forgets who leaves while waiting', async () => {
    const gate = gateOf({ most: 1 });
    const door = held();
    const first = gate.run(() => door.whenOpen, never);
    const leaver = new AbortController();
    const second = gate.run(async () => 2, leaver.signal);
    leaver.abort();
    await expect(second).rejects.toMatchObject({ code: 'overloaded' });
    const third = gate.run(async () => 3, never);
    door.open();
    await first;
    expect(await third).toBe(3);
  });

  it('closes what is read when its reader has to stop', async () => {
    let closed = false;
    async function* source() {
      try {
        for (let i = 0; ; i += 1) yield i;
      } finally {
        closed = true;
      }
    }
    const stopper = new AbortController();
    const seen: number[] = [];
    await expect(async () => {
      for await (const i of until(source(), stopper.signal)) if (seen.push(i) === 5) stopper.abort();
    }).rejects.toMatchObject({ code: 'overloaded' });
    expect([seen.length, closed]).toEqual([5, true]);
  });
});
