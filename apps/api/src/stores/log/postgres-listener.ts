import type { Pool, PoolClient } from 'pg';

// Hears when another process has written to the log. Notes may be lost while the connection is away, so after every new
// connection everybody is woken to look.

export interface ListenerOptions {
  readonly pool: Pool;
  readonly channel: string;
  readonly onNote: (payload: string) => void;
  /** Notes may have been missed. */
  readonly onReconnect: () => void;
}

const RETRY_FROM_MS = 200;
const RETRY_TO_MS = 5_000;

/** Listens until the returned function is called; comes back by itself with jittered delays. */
export function listen({ pool, channel, onNote, onReconnect }: ListenerOptions): () => Promise<void> {
  let stopped = false;
  let current: PoolClient | undefined;
  let timer: NodeJS.Timeout | undefined;
  let delayMs = RETRY_FROM_MS;
  let connecting: Promise<void> = Promise.resolve();

  const drop = (client: PoolClient, broken: boolean) => {
    if (current !== client) return;
    current = undefined;
    client.removeAllListeners('notification');
    client.release(broken);
  };
  const retry = () => {
    if (stopped) return;
    timer = setTimeout(start, delayMs * (0.5 + Math.random()));
    delayMs = Math.min(delayMs * 2, RETRY_TO_MS);
  };
  const connect = async () => {
    const client = await pool.connect();
    current = client;
    const broken = () => {
      drop(client, true);
      retry();
    };
    client.once('error', broken);
    client.once('end', () => current === client && broken());
    client.on('notification', (note) => note.channel === channel && onNote(note.payload ?? ''));
    await client.query(`LISTEN ${channel}`);
    delayMs = RETRY_FROM_MS;
    onReconnect();
  };
  const start = () => {
    connecting = connect().catch(() => {
      if (current) drop(current, true);
      retry();
    });
  };
  start();

  return async () => {
    stopped = true;
    clearTimeout(timer);
    await connecting;
    clearTimeout(timer);
    if (current) drop(current, true);
  };
}
