import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from '../needs.ts';
import { freePort, launch, type RunningServer } from './server.ts';

export interface RunningS3 extends RunningServer {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
}

/** A SeaweedFS with its S3 door on, signatures enforced, and no bucket yet. */
export async function startSeaweedFs(): Promise<RunningS3> {
  const accessKey = 'temoin-test';
  const secretKey = 'temoin-test-secret';
  let endpoint = '';
  const server = await launch(
    'seaweedfs',
    async (folder) => {
      const names = ['master', 'volume', 'filer', 's3'] as const;
      const ports: string[] = [];
      // Every part has a second, gRPC port, by default the first plus 10,000: given here too, or two runs collide.
      for (const name of names)
        ports.push(`-${name}.port=${await freePort()}`, `-${name}.port.grpc=${await freePort()}`);
      const s3Port = /-s3\.port=(\d+)/.exec(ports.join(' '))?.[1];
      endpoint = `http://127.0.0.1:${s3Port}`;
      const credentials = [{ accessKey, secretKey }];
      const actions = ['Admin', 'Read', 'List', 'Tagging', 'Write'];
      writeFileSync(join(folder, 's3.json'), JSON.stringify({ identities: [{ name: 'test', credentials, actions }] }));
      const argv = [
        [
          'server',
          '-ip=127.0.0.1',
          '-ip.bind=127.0.0.1',
          `-dir=${folder}`,
          '-s3',
          `-s3.config=${join(folder, 's3.json')}`,
        ],
        ['-volume.max=8', '-master.volumeSizeLimitMB=64', ...ports],
      ].flat();
      return { command: needs('seaweedfs').path, argv };
    },
    // 403 is the right answer to a request without a signature; the S3 door answers it only once its filer is there.
    async () => {
      const reply = await fetch(endpoint, { signal: AbortSignal.timeout(2000) });
      await reply.arrayBuffer();
      return reply.status === 403;
    },
  );
  return Object.assign(server, { endpoint, accessKey, secretKey, region: 'us-east-1' });
}
