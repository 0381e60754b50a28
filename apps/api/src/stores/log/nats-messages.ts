import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { BatchForm, LogEntry, LoggableBatch } from './batch-log.ts';

// A batch as a message: what names it is the subject, so that the broker itself refuses a second one; the rest is in headers.

const HASH = 'Temoin-Hash';
const FORM = 'Temoin-Form';
const RECEIVED_AT = 'Temoin-Received-At';
const KEPT_HASH = 'Temoin-Kept-Hash';

export const subjectOf = (prefix: string, batch: Pick<LoggableBatch, 'boxId' | 'boot' | 'seq'>): string =>
  `${prefix}.${batch.boxId}.${batch.boot}.${batch.seq}`;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export function batchHeaders(batch: LoggableBatch, receivedAt: number): MsgHdrs {
  const made = headers();
  made.set(HASH, hex(batch.hash));
  made.set(FORM, batch.form);
  made.set(RECEIVED_AT, String(receivedAt));
  return made;
}

export function conflictHeaders(refusedHash: Uint8Array, keptHash: string, at: number): MsgHdrs {
  const made = headers();
  made.set(HASH, hex(refusedHash));
  made.set(KEPT_HASH, keptHash);
  made.set(RECEIVED_AT, String(at));
  return made;
}

interface StoredMessage {
  readonly subject: string;
  readonly seq: number;
  readonly data: Uint8Array;
  readonly headers?: MsgHdrs | undefined;
}

const nameIn = (subject: string, prefix: string) => {
  const [boxId = '', boot, seq] = subject.slice(prefix.length + 1).split('.');
  return { boxId, boot: Number(boot), seq: Number(seq) };
};

export const hashOf = (message: Pick<StoredMessage, 'headers'>): string => message.headers?.get(HASH) ?? '';

export function toEntry(message: StoredMessage, prefix: string): LogEntry {
  return {
    position: BigInt(message.seq),
    ...nameIn(message.subject, prefix),
    hash: Buffer.from(hashOf(message), 'hex'),
    form: (message.headers?.get(FORM) ?? 'binary') as BatchForm,
    receivedAt: Number(message.headers?.get(RECEIVED_AT)),
    body: message.data,
  };
}

export function toConflict(message: StoredMessage, prefix: string) {
  return {
    ...nameIn(message.subject, prefix),
    keptHash: message.headers?.get(KEPT_HASH) ?? '',
    refusedHash: hashOf(message),
    at: Number(message.headers?.get(RECEIVED_AT)),
  };
}

export const sequenceIn = (subject: string, prefix: string): number => nameIn(subject, prefix).seq;
