import { open, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { ClockTrust } from '@temoin/shared/telemetry';
import { readCsvHeader, readCsvRows } from './csv-recording.ts';
import { readGpxRows } from './gpx-recording.ts';
import { readNdjsonLine, readNdjsonRows } from './ndjson-recording.ts';
import { readNmeaRows } from './nmea-recording.ts';
import type { Recording, Row } from './recording.ts';

/** Enough to tell every form, and to get past the comments at the head of a log. */
const HEAD_BYTES = 64 * 1024;

/** The recording in a file, recognised by what it contains, or undefined when it is no drive. Throws when it cannot be read. */
export async function openRecording(path: string): Promise<Recording | undefined> {
  const { size } = await stat(path);
  const found = recognise(await readHead(path));
  if (!found) return undefined;
  const label = basename(path, extname(path));
  return { label, path, bytes: size, form: found.form, clockTrust: found.clockTrust, rows: () => found.rows(path) };
}

async function readHead(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('latin1', 0, bytesRead).replace(/^\u00EF\u00BB\u00BF/, '');
  } finally {
    await file.close();
  }
}

interface Found {
  readonly form: string;
  readonly clockTrust: ClockTrust;
  readonly rows: (path: string) => AsyncIterable<Row>;
}

function recognise(head: string): Found | undefined {
  if (/^\s*</.test(head))
    return /<(?:[\w-]+:)?gpx[\s>]/.test(head) ? { form: 'gpx', clockTrust: 'gps', rows: readGpxRows } : undefined;
  const lines = head.split(/\r?\n/).filter((line) => line.trim() !== '');
  const [first = ''] = lines;
  if (/^\s*\{/.test(first)) {
    const reads = lines.some((line) => readNdjsonLine(line).kind === 'reading');
    return reads ? { form: 'ndjson', clockTrust: 'gps', rows: readNdjsonRows } : undefined;
  }
  const spoken = lines.filter((line) => !line.startsWith('#'));
  if (spoken.filter((line) => /^[$!][A-Z]{2}/.test(line)).length * 2 > spoken.length) {
    return { form: 'nmea', clockTrust: 'gps', rows: readNmeaRows };
  }
  const header = readCsvHeader(first);
  // A receiver may send a stray NUL while it starts; in text it means that this is none.
  if (!header || head.includes('\0')) return undefined;
  return { form: header.form.name, clockTrust: header.form.clockTrust, rows: (path) => readCsvRows(path, header) };
}
