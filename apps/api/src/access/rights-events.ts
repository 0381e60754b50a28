import type pg from 'pg';
import { connect, type Pool } from '../stores/postgres/pool.ts';

// Who lost what. The database itself tells every process (triggers of migration 0001), so it does not matter who changed it;
// a change made in this process is also announced at once. Listeners ask again what may still be seen; they are never told.

export type RightsEvent =
  /** Role, client, organisation, password or being enabled changed, or the person is gone. */
  | { readonly kind: 'person'; readonly id: string }
  | { readonly kind: 'session'; readonly id: string }
  /** Revoked, or its key changed. */
  | { readonly kind: 'box'; readonly id: string }
  /** Belongs to another organisation or client now. */
  | { readonly kind: 'vehicle'; readonly id: string }
  /** We were deaf for a while: anything may have changed. */
  | { readonly kind: 'everything' };

export interface RightsEvents {
  on(listener: (event: RightsEvent) => void): () => void;
  emit(event: RightsEvent): void;
  /** While false, cached rights are not to be trusted. */
  isListening(): boolean;
  close(): Promise<void>;
}

const CHANNEL = 'temoin_rights';
const RETRY_MS = 1_000;

/** Starts to listen, and keeps at it: after a lost connection it announces `everything`. */
export async function startRightsEvents(pool: Pool): Promise<RightsEvents> {
  const listeners = new Set<(event: RightsEvent) => void>();
  let client: pg.PoolClient | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  const emit = (event: RightsEvent) => {
    for (const listener of listeners) listener(event);
  };

  const listen = async () => {
    const fresh = await connect(pool);
    const lost = () => {
      if (client !== fresh) return;
      client = undefined;
      fresh.release(true);
      scheduleRetry();
    };
    fresh.on('error', lost);
    fresh.on('end', lost);
    fresh.on('notification', (message) => {
      const event = readEvent(message.payload);
      if (event) emit(event);
    });
    try {
      await fresh.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      fresh.release(true);
      throw error;
    }
    client = fresh;
  };

  const scheduleRetry = () => {
    if (closed) return;
    retry = setTimeout(() => {
      listen().then(() => emit({ kind: 'everything' }), scheduleRetry);
    }, RETRY_MS);
    retry.unref();
  };

  await listen();
  return {
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit,
    isListening: () => client !== undefined,
    async close() {
      closed = true;
      clearTimeout(retry);
      const last = client;
      client = undefined;
      last?.release(true);
    },
  };
}

function readEvent(payload: string | undefined): RightsEvent | undefined {
  try {
    const { kind, id } = JSON.parse(payload ?? '') as { kind?: unknown; id?: unknown };
    if (typeof id !== 'string') return undefined;
    if (kind === 'person' || kind === 'session' || kind === 'box' || kind === 'vehicle') return { kind, id };
  } catch {
    // Anybody with the database's password can notify; what cannot be read is nothing of ours.
  }
  return undefined;
}
