import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

test('the first signal asks to stop, the second ends the process on the spot', async () => {
  const script = `import { onStopSignals } from ${JSON.stringify(new URL('./stop-in-order.ts', import.meta.url).href)};
    onStopSignals((signal) => console.log('asked', signal)); setInterval(() => {}, 1000); console.log('up');`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  await expect.poll(() => output, { timeout: 20_000 }).toContain('up');
  child.kill('SIGTERM');
  await expect.poll(() => output, { timeout: 20_000 }).toContain('asked SIGTERM');
  expect(child.exitCode).toBeNull();
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  expect(await exited).toEqual([130, null]);
});
