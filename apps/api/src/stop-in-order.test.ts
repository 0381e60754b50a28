import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createStopInOrder } from './stop-in-order.ts';

test('the last started ends first; one that fails or hangs does not keep the others', async () => {
  const stopper = createStopInOrder(pino({ level: 'silent' }), 50);
  const ended: string[] = [];
  stopper.add('database', () => ended.push('database'));
  stopper.add('hangs', () => new Promise(() => undefined));
  stopper.add('fails', () => {
    ended.push('fails');
    throw new Error('no');
  });
  stopper.add('http', async () => ended.push('http'));
  await Promise.all([stopper.stop(), stopper.stop()]);
  expect(ended).toEqual(['http', 'fails', 'database']);
});
