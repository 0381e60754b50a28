import { createServer, type Socket } from 'node:net';
import { trueClock } from '../../clock.ts';
import type { OpenPort, Port } from '../transport/port.ts';
import { streamPort } from '../transport/stream-port.ts';
import { type FaultRates, faultyPort, NO_FAULTS, seeded } from './faults.ts';

export interface FaultProxy {
  /** Where the box connects, `tcp://127.0.0.1:port`. */
  readonly address: string;
  /** Takes effect for bytes from now on. */
  setRates(rates: Partial<FaultRates>): void;
  /** Everything the adapter behind really said. */
  said(): string;
  connections(): number;
  /** Ends the present connection. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

/** A TCP line that misbehaves, in front of any adapter. Each connection opens the adapter anew; a new one ends the one before. */
export async function startFaultProxy(open: OpenPort, seed: number): Promise<FaultProxy> {
  const random = seeded(seed);
  const rates = { ...NO_FAULTS };
  const stop = new AbortController();
  let said = '';
  let connections = 0;
  let current: { adapter: Port; box: Port } | undefined;

  async function cut(): Promise<void> {
    const ended = current;
    current = undefined;
    await ended?.box.close();
    await ended?.adapter.close();
  }

  async function serve(socket: Socket): Promise<void> {
    await cut();
    connections += 1;
    const adapter = await open(stop.signal);
    const faulty = faultyPort(adapter, rates, random, trueClock, (bytes) => {
      said += Buffer.from(bytes).toString('latin1');
    });
    const box = streamPort(socket);
    current = { adapter, box };
    faulty.onData((bytes) => void box.write(Buffer.from(bytes).toString('latin1')).catch(() => undefined));
    box.onData((bytes) => void faulty.write(Buffer.from(bytes).toString('latin1')).catch(() => void box.close()));
    void box.closed.then(() => adapter.close());
    void adapter.closed.then(() => box.close());
  }

  const server = createServer((socket) => {
    serve(socket).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    address: `tcp://127.0.0.1:${port}`,
    setRates: (change) => void Object.assign(rates, NO_FAULTS, change),
    said: () => said,
    connections: () => connections,
    cut,
    async close() {
      stop.abort();
      await cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
