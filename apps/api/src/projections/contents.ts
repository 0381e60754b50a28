import { createHash } from 'node:crypto';
import { CodecError, decodeBatch, openBatch } from '@temoin/shared/codec';
import { addRefusals, type RefusalCounts } from '@temoin/shared/errors';
import { decodeLegacyUpload, type LegacyContents } from '@temoin/shared/legacy';
import {
  BATCH_LIMITS,
  type ClockTrust,
  Fact,
  JsonBatch,
  type JsonReading,
  NO_PREVIOUS_HASH,
  type Origin,
  type Reading,
} from '@temoin/shared/telemetry';
import type { BatchForm } from '../stores/log/batch-log.ts';
import { nodeCompressor } from './compressor.ts';

// What a batch says, whatever form it came in. One bad reading or fact is counted and left out; only a batch whose frame
// cannot be read fails as a whole.

export interface BatchContents {
  readonly bootAt: number;
  readonly clockTrust: ClockTrust;
  readonly origin: Origin;
  readonly previousHash: string;
  readonly readings: readonly (Reading | JsonReading)[];
  /** Where each of `readings` stood in the batch as sent; undefined = in its own place. */
  readonly indexes: readonly number[] | undefined;
  readonly facts: readonly Fact[];
  /** What could not be read: readings, facts and metrics, by reason. */
  readonly refusals: RefusalCounts;
  readonly unreadableReadings: number;
}

/** Reads a batch's body. Throws `CodecError` when the batch as a whole is none. Says nothing about signatures. */
export function readBatch(form: BatchForm, body: Uint8Array): BatchContents {
  if (form === 'binary') return readBinary(body);
  const json = parseJson(body);
  return form === 'json' ? readJson(json) : readLegacy(json);
}

function readBinary(body: Uint8Array): BatchContents {
  const opened = openBatch(body);
  const { readings, facts, unknownMetrics } = decodeBatch(opened, nodeCompressor);
  const refusals: RefusalCounts = {};
  if (unknownMetrics > 0) addRefusals(refusals, 'metric_unknown', unknownMetrics);
  const { bootAt, clockTrust, origin, previousHash } = opened.header;
  const goodFacts = facts.filter((fact) => isStorable(fact) || count(refusals));
  return {
    bootAt,
    clockTrust,
    origin,
    previousHash,
    readings,
    indexes: undefined,
    facts: goodFacts,
    refusals,
    unreadableReadings: 0,
  };
}

const JsonEnvelope = JsonBatch.omit({ readings: true, facts: true });

function readJson(json: unknown): BatchContents {
  const envelope = JsonEnvelope.safeParse(json);
  if (!envelope.success) throw new CodecError('batch_malformed', envelope.error.issues[0]?.path.join('.'));
  const { readings: rows = [], facts: factRows = [] } = json as { readings?: unknown; facts?: unknown };
  if (!Array.isArray(rows) || !Array.isArray(factRows)) throw new CodecError('batch_malformed', 'readings');
  if (rows.length > BATCH_LIMITS.readings) throw new CodecError('batch_too_large', `${rows.length} readings`);
  if (factRows.length > BATCH_LIMITS.facts) throw new CodecError('batch_too_large', `${factRows.length} facts`);
  const refusals: RefusalCounts = {};
  const readings: JsonReading[] = [];
  const indexes: number[] = [];
  for (const [index, row] of rows.entries()) {
    if (!isReadingRow(row)) {
      count(refusals);
      continue;
    }
    readings.push(row);
    indexes.push(index);
  }
  const facts = factRows.flatMap((row) => {
    const fact = Fact.safeParse(row);
    if (fact.success && isStorable(fact.data)) return [fact.data];
    count(refusals);
    return [];
  });
  const { bootAt, clockTrust, origin, previousHash } = envelope.data;
  const unreadableReadings = rows.length - readings.length;
  return { bootAt, clockTrust, origin, previousHash, readings, indexes, facts, refusals, unreadableReadings };
}

/** Instants and values are judged one by one by `screenReadings`; here only the shape counts. */
function isReadingRow(row: unknown): row is JsonReading {
  if (typeof row !== 'object' || row === null) return false;
  const { values } = row as { values?: unknown };
  return typeof values === 'object' && values !== null && !Array.isArray(values);
}

function readLegacy(json: unknown): BatchContents {
  let legacy: LegacyContents;
  try {
    legacy = decodeLegacyUpload(json);
  } catch {
    throw new CodecError('batch_malformed', 'this is no upload of the old format');
  }
  if (legacy.readings.length > BATCH_LIMITS.readings) throw new CodecError('batch_too_large', 'readings');
  const refusals = { ...legacy.refusals };
  const facts = legacy.pictures.flatMap(({ at, jpegBase64 }): Fact[] => {
    const picture = decodePicture(jpegBase64);
    if (picture) return [{ kind: 'photo', at, sha256: picture.sha256, bytes: picture.bytes.length }];
    addRefusals(refusals, 'photo_invalid');
    return [];
  });
  return {
    bootAt: 0,
    // The first system's boxes set their clock by the network and sent no more about it.
    clockTrust: 'ntp',
    origin: 'measured',
    previousHash: NO_PREVIOUS_HASH,
    readings: legacy.readings,
    indexes: undefined,
    facts,
    refusals,
    unreadableReadings: legacy.refusals.row_unreadable ?? 0,
  };
}

/** A JPEG in base64 with the name of its bytes; undefined when it is none (judged by its first bytes). */
export function decodePicture(base64: string): { bytes: Buffer; sha256: string } | undefined {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < 4 || bytes[0] !== 0xff || bytes[1] !== 0xd8 || bytes[2] !== 0xff) return undefined;
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    throw new CodecError('batch_malformed', 'no JSON');
  }
}

/** PostgreSQL can keep neither NUL nor half a surrogate pair in text: such a fact would block whatever stores it. */
function isStorable(fact: Fact): boolean {
  return fact.kind !== 'dropped' || (!fact.reason.includes('\u0000') && !/\p{Surrogate}/u.test(fact.reason));
}

function count(refusals: RefusalCounts): false {
  addRefusals(refusals, 'row_unreadable');
  return false;
}
