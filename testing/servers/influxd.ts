import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from '../needs.ts';
import { answers, freePort, launch, type RunningServer } from './server.ts';

/** How to reach a started InfluxDB, for either line: the same four settings as the API's configuration. */
export interface RunningInflux extends RunningServer {
  readonly line: '1' | '2';
  readonly url: string;
  readonly token: string;
  readonly org: string;
  readonly bucket: string;
}

/** InfluxDB 1.8 with sign-in on and Flux on; its database is left for the store to create. */
export async function startInfluxd(): Promise<RunningInflux> {
  let url = '';
  const server = await launch(
    'influxd',
    async (folder) => {
      const [rpc, http] = [await freePort(), await freePort()];
      url = `http://127.0.0.1:${http}`;
      const configuration = [
        'reporting-disabled = true',
        `bind-address = "127.0.0.1:${rpc}"`,
        `[meta]\n  dir = "${folder}/meta"\n  logging-enabled = false`,
        `[data]\n  dir = "${folder}/data"\n  wal-dir = "${folder}/wal"\n  index-version = "tsi1"\n  query-log-enabled = false`,
        `[http]\n  bind-address = "127.0.0.1:${http}"\n  flux-enabled = true\n  auth-enabled = true\n  log-enabled = false`,
        '[monitor]\n  store-enabled = false',
      ].join('\n');
      writeFileSync(join(folder, 'influxd.conf'), configuration);
      return { command: needs('influxd').path, argv: ['-config', join(folder, 'influxd.conf')] };
    },
    () => answers(`${url}/ping`),
  );
  const body = new URLSearchParams({ q: "CREATE USER admin WITH PASSWORD 'temoin-test' WITH ALL PRIVILEGES" });
  const reply = await fetch(`${url}/query`, { method: 'POST', body, signal: AbortSignal.timeout(10_000) });
  if (!reply.ok) throw new Error(`influxd refused its first user: ${reply.status} ${await reply.text()}`);
  return Object.assign(server, {
    line: '1' as const,
    url,
    token: 'admin:temoin-test',
    org: '',
    bucket: 'temoin/autogen',
  });
}

/** InfluxDB 2.x, set up with an organisation of its own; its bucket is left for the store to create. */
export async function startInfluxd2(): Promise<RunningInflux> {
  let url = '';
  const server = await launch(
    'influxd2',
    async (folder) => {
      const http = await freePort();
      url = `http://127.0.0.1:${http}`;
      mkdirSync(join(folder, 'engine'), { recursive: true });
      const argv = [
        ['--http-bind-address', `127.0.0.1:${http}`],
        ['--bolt-path', join(folder, 'influxd.bolt')],
        ['--sqlite-path', join(folder, 'influxd.sqlite')],
        ['--engine-path', join(folder, 'engine')],
        ['--reporting-disabled', '--log-level', 'warn'],
      ].flat();
      return { command: needs('influxd2').path, argv, env: { HOME: folder } };
    },
    () => answers(`${url}/health`),
  );
  const org = 'temoin-test';
  const setup = { username: 'admin', password: 'temoin-test', org, bucket: 'first', token: 'temoin-test-token' };
  const reply = await fetch(`${url}/api/v2/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(setup),
    signal: AbortSignal.timeout(20_000),
  });
  if (!reply.ok) throw new Error(`influxd 2 refused its set-up: ${reply.status} ${await reply.text()}`);
  return Object.assign(server, { line: '2' as const, url, token: setup.token, org, bucket: 'temoin' });
}
