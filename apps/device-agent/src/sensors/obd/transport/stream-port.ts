import type { Duplex } from 'node:stream';
import { type Port, WRITE_LIMIT_MS } from './port.ts';

/** A port over an open Node stream. `destroy` frees what the stream's own `destroy` does not. */
export function streamPort(stream: Duplex, release: () => Promise<void> = async () => undefined): Port {
  let listener: ((bytes: Uint8Array) => void) | undefined;
  let reason: string | undefined;
  let markClosed = (_: string) => {};
  const closed = new Promise<string>((resolve) => {
    markClosed = resolve;
  });
  const end = (why: string) => {
    if (reason !== undefined) return;
    reason = why;
    stream.destroy();
    markClosed(why);
  };
  stream.on('data', (bytes: Uint8Array) => listener?.(bytes));
  stream.on('error', (error) => end(error.message));
  stream.on('end', () => end('ended by the adapter'));
  stream.on('close', () => end('closed'));

  return {
    closed,
    onData(next) {
      listener = next;
    },
    write: (text) =>
      new Promise((resolve, reject) => {
        if (reason !== undefined) return reject(new Error(reason));
        // A Bluetooth line whose other end is gone takes bytes into a buffer that nobody empties.
        const limit = setTimeout(() => {
          end('takes no bytes');
          reject(new Error('takes no bytes'));
        }, WRITE_LIMIT_MS);
        stream.write(text, 'latin1', (error) => {
          clearTimeout(limit);
          if (error) reject(error);
          else resolve();
        });
      }),
    async close() {
      end('closed here');
      listener = undefined;
      await release();
    },
  };
}
