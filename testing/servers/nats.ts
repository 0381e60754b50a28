import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from '../needs.ts';
import { answers, freePort, launch, type RunningServer } from './server.ts';

export interface RunningNats extends RunningServer {
  readonly url: string;
}

export interface NatsOptions {
  readonly serverName?: string;
  /** JetStream domain; two servers that are to exchange streams need two. */
  readonly domain?: string;
  /** More lines of configuration, for example leaf nodes. */
  readonly extra?: string;
}

/** A NATS server with JetStream in its own folder, fsync on every message (the log must survive a power cut). */
export async function startNats(options: NatsOptions = {}): Promise<RunningNats> {
  let url = '';
  let monitor = '';
  const server = await launch(
    'nats',
    async (folder) => {
      const [port, http] = [await freePort(), await freePort()];
      url = `nats://127.0.0.1:${port}`;
      monitor = `http://127.0.0.1:${http}/healthz`;
      const domain = options.domain ? `domain: ${options.domain}, ` : '';
      const configuration = [
        `server_name: ${options.serverName ?? `test-${port}`}`,
        `listen: 127.0.0.1:${port}`,
        `http: 127.0.0.1:${http}`,
        `jetstream { ${domain}store_dir: "${folder}/jetstream", sync_interval: always }`,
        options.extra ?? '',
      ].join('\n');
      writeFileSync(join(folder, 'nats.conf'), configuration);
      return { command: needs('nats').path, argv: ['-c', join(folder, 'nats.conf')] };
    },
    () => answers(monitor),
  );
  return Object.assign(server, { url });
}
