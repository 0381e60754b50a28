import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { needs } from '../needs.ts';
import { freePort, launch, type RunningServer } from './server.ts';

export interface RunningElm extends RunningServer {
  /** `tcp://127.0.0.1:port`, or the path of a pseudo-terminal. */
  readonly address: string;
}

export interface ElmOptions {
  readonly line: 'tcp' | 'pty';
  /** A car of the emulator's own: `car` (ignition on) or `engineoff`. */
  readonly scenario?: string;
}

/** An emulated ELM327 with a car behind it, a program of its own that is spoken to over the line only. */
export async function startElm({ line, scenario = 'car' }: ElmOptions): Promise<RunningElm> {
  let address = '';
  let output = '';
  const server = await launch(
    'elm',
    async (folder) => {
      output = join(folder, 'output.txt');
      // Without a batch file it reads a console, and ends when there is none.
      const argv = ['-s', scenario, '-b', output];
      if (line === 'pty') return { command: needs('elm').path, argv };
      const port = await freePort();
      address = `tcp://127.0.0.1:${port}`;
      return { command: needs('elm').path, argv: [...argv, '-n', String(port), '-i', '127.0.0.1'] };
    },
    async () => {
      if (line === 'tcp') return connects(Number(new URL(address).port));
      address = readFileSync(output, 'utf8').split('\n')[0]?.trim() ?? '';
      return address.startsWith('/dev/');
    },
  );
  return Object.assign(server, { address });
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2_000 });
    const end = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
