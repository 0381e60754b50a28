import { addRefusals, type ErrorCode, type RefusalCounts } from '@temoin/shared/errors';
import { problemOfTime, screenReadings } from '@temoin/shared/telemetry';
import type { BatchForm, LogEntry, UnderstoodEntry } from '../stores/log/batch-log.ts';
import { type BatchContents, readBatch } from './contents.ts';

// The one way from a log entry to what it says, used by the door and by every projection, so that all draw the same line. It
// depends on nothing but the entry: a rebuild in ten years comes to the same. What the door read is remembered for the
// projections that follow a moment later; the memory is bounded by readings and everything in it can be read again.

const MAX_REMEMBERED_READINGS = 150_000;

interface Remembered {
  readonly contents: BatchContents;
  understood?: UnderstoodEntry;
}
const remembered = new Map<Uint8Array, Remembered>();
let rememberedReadings = 0;

/** Weight of an entry without readings, so that their number is bounded too. */
const weightOf = (contents: BatchContents) => contents.readings.length + 8;

function remember(body: Uint8Array, contents: BatchContents): Remembered {
  const memory = { contents };
  remembered.set(body, memory);
  rememberedReadings += weightOf(contents);
  for (const [oldBody, old] of remembered) {
    if (rememberedReadings <= MAX_REMEMBERED_READINGS) break;
    remembered.delete(oldBody);
    rememberedReadings -= weightOf(old.contents);
  }
  return memory;
}

/** Contents of a body, remembered under this very object. Throws `CodecError`. */
export function contentsOf(form: BatchForm, body: Uint8Array): BatchContents {
  return (remembered.get(body) ?? remember(body, readBatch(form, body))).contents;
}

/** What an entry says, with the readings that count. Throws `CodecError` for a body that no door should have let in. */
export function understand(entry: LogEntry): UnderstoodEntry {
  const memory = remembered.get(entry.body) ?? remember(entry.body, readBatch(entry.form, entry.body));
  if (memory.understood?.entry.position === entry.position) return memory.understood;
  memory.understood = screen(entry, memory.contents);
  return memory.understood;
}

function screen(entry: LogEntry, contents: BatchContents): UnderstoodEntry {
  const { bootAt, clockTrust, origin, previousHash } = contents;
  const screened = screenReadings(contents.readings, clockTrust, entry.receivedAt);
  const refusals: RefusalCounts = { ...contents.refusals };
  for (const [code, times] of Object.entries(screened.refusals)) addRefusals(refusals, code as ErrorCode, times);
  const facts = contents.facts.filter((fact) => {
    const problem = problemOfTime(fact.at, clockTrust, entry.receivedAt);
    if (problem) addRefusals(refusals, problem);
    return !problem;
  });
  return {
    entry,
    bootAt,
    clockTrust,
    origin,
    previousHash,
    readings: screened.readings,
    indexes: contents.indexes ? screened.indexes.map((i) => contents.indexes?.[i] ?? i) : screened.indexes,
    facts,
    refusals,
    refusedReadings: screened.refusedReadings + contents.unreadableReadings,
  };
}
