import { LIVE_PATH } from '@temoin/shared/live';
import type { Reading } from '@temoin/shared/telemetry';
import { io, type Socket } from 'socket.io-client';
import { percentile } from './bench.ts';

// Open maps without a screen, told by their parent process where to look and when to count.

interface Site {
  readonly origin: string;
  readonly kind: 'temoin' | 'emit-each';
  readonly token?: string;
  readonly maps: number;
}

let latencyMs: number[] = [];
let bytesOfOne = 0;

async function open({ origin, kind, token }: Site, first: boolean): Promise<Socket> {
  const temoin = kind === 'temoin';
  const socket = io(origin, {
    path: temoin ? LIVE_PATH : '/socket.io',
    transports: ['websocket'],
    auth: token ? { token } : {},
    forceNew: true,
    extraHeaders: { origin },
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  if (first) socket.io.engine.on('packet', ({ data }) => (bytesOfOne += typeof data === 'string' ? data.length : 0));
  if (!temoin) {
    socket.on('reading', ({ reading }: { reading: Reading }) => latencyMs.push(Date.now() - reading.at));
    return socket;
  }
  // A change may say again what is known (a later contact); only a newer reading counts.
  const newest = new Map<string, number>();
  socket.on('portfolio.changes', ({ changes }: { changes: { id: string; lastReadingAt?: number }[] }) => {
    const now = Date.now();
    for (const { id, lastReadingAt } of changes) {
      if (lastReadingAt === undefined || lastReadingAt <= (newest.get(id) ?? 0)) continue;
      newest.set(id, lastReadingAt);
      latencyMs.push(now - lastReadingAt);
    }
  });
  await socket.emitWithAck('portfolio.join', {});
  return socket;
}

process.once('message', async (site: Site) => {
  const sockets = await Promise.all(Array.from({ length: site.maps }, (_, i) => open(site, i === 0)));
  process.on('message', (order: 'count' | 'close') => {
    if (order === 'count') {
      latencyMs = [];
      bytesOfOne = 0;
      return;
    }
    for (const socket of sockets) socket.close();
    const heard = {
      p50Ms: percentile(latencyMs, 0.5),
      p99Ms: percentile(latencyMs, 0.99),
      readings: latencyMs.length,
      bytesOfOne,
    };
    process.send?.(heard, () => process.exit(0));
  });
  process.send?.('open');
});
