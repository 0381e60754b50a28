import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { describeWith, needs, SERVERS_FOLDER } from '../needs.ts';
import { startInfluxd } from './influxd.ts';
import { startNats } from './nats.ts';
import { startSeaweedFs } from './seaweedfs.ts';

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('needs', () => {
  it('says why a server is not there, and writes the answer down for the end of the run', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(new URL('./ask-needs.fixture.ts', import.meta.url)), 'mediamtx'],
      { env: { ...process.env, MEDIAMTX_BIN: '/nowhere/mediamtx' } },
    );
    expect(JSON.parse(stdout)).toMatchObject({ available: false, reason: expect.stringContaining('MEDIAMTX_BIN') });
    expect(JSON.parse(readFileSync(join(SERVERS_FOLDER, 'mediamtx.json'), 'utf8'))).toMatchObject({ name: 'mediamtx' });
    needs('mediamtx');
  });
});

describeWith(['nats'], 'NATS launcher', () => {
  it('runs two at once on ports of their own and removes their folders', async () => {
    const [one, two] = await Promise.all([startNats(), startNats()]);
    expect(one.url).not.toBe(two.url);
    await Promise.all([one.stop(), two.stop()]);
    expect([isAlive(one.pid), isAlive(two.pid), existsSync(one.folder), existsSync(two.folder)]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('takes the server down with a test process that was killed', async () => {
    const fixture = fileURLToPath(new URL('./start-nats.fixture.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', fixture], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await new Promise<string[]>((resolve) =>
      createInterface({ input: child.stdout }).once('line', (text) => resolve([text])),
    )) as [string];
    const { pid, folder } = JSON.parse(line) as { pid: number; folder: string };
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => isAlive(pid) || existsSync(folder), { timeout: 10_000 }).toBe(false);
  });

  it('comes back on the same address after a kill', async () => {
    const server = await startNats();
    await server.kill();
    await server.restart();
    const before = server.folder;
    expect(existsSync(before)).toBe(true);
    await server.stop();
    expect(existsSync(before)).toBe(false);
  });
});

describeWith(['influxd'], 'InfluxDB launcher', () => {
  it('starts with sign-in on', async () => {
    const server = await startInfluxd();
    const query = (token: string) =>
      fetch(`${server.url}/query?q=SHOW+DATABASES`, { headers: { authorization: `Token ${token}` } }).then(
        (reply) => reply.status,
      );
    expect(await query(server.token)).toBe(200);
    expect(await query('admin:wrong')).toBe(401);
    await server.stop();
  });
});

describeWith(['seaweedfs'], 'SeaweedFS launcher', () => {
  it('refuses a request without a signature', async () => {
    const server = await startSeaweedFs();
    expect((await fetch(server.endpoint)).status).toBe(403);
    await server.stop();
  });
});
