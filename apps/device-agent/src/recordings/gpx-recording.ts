import { createReadStream } from 'node:fs';
import { XMLParser } from 'fast-xml-parser';
import { parseIsoTime } from './instants.ts';
import { judgeRow, type RawValues, type Row } from './recording.ts';

// GPX 1.0 and 1.1. Only track points are a drive; way points and routes are plans. The file is not read as one document but
// point by point as it streams past, so that a long track costs no memory and a damaged end costs no beginning.

const POINT_OPENS = /<!--|<((?:[\w-]+:)?trkpt)(?=[\s>/])/g;
/** A track point is a few hundred characters; extensions make it a few thousand. */
const MAX_POINT_CHARACTERS = 64 * 1024;
const MS_TO_KMH = 3.6;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  processEntities: false,
  parseTagValue: false,
});

/** Rows of a GPX file: one per track point, in the order of the file over all tracks and segments. */
export async function* readGpxRows(path: string): AsyncGenerator<Row> {
  let row = 0;
  let rest = '';
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 64 * 1024 }) as AsyncIterable<string>;
  for await (const chunk of stream) {
    rest += chunk;
    for (;;) {
      const found = nextPoint(rest);
      rest = rest.slice(found.consumed);
      if (found.kind === 'more') break;
      row += 1;
      yield found.kind === 'point' ? judgePoint(row, found.xml) : { row, refused: 'row_unreadable' };
    }
  }
  // The file ends inside a point.
  if (/<(?:[\w-]+:)?trkpt[\s>/]/.test(rest.replace(/<!--[\s\S]*?(-->|$)/g, '')))
    yield { row: row + 1, refused: 'row_unreadable' };
}

type Found =
  | { readonly kind: 'point'; readonly xml: string; readonly consumed: number }
  | { readonly kind: 'unreadable'; readonly consumed: number }
  | { readonly kind: 'more'; readonly consumed: number };

/** The first whole track point of `text`; `more` when there is none yet, with what may be forgotten. */
function nextPoint(text: string): Found {
  POINT_OPENS.lastIndex = 0;
  for (let match = POINT_OPENS.exec(text); match; match = POINT_OPENS.exec(text)) {
    if (match[0] === '<!--') {
      const end = text.indexOf('-->', match.index);
      if (end < 0) return { kind: 'more', consumed: match.index };
      POINT_OPENS.lastIndex = end + 3;
      continue;
    }
    const from = match.index;
    const tagEnd = text.indexOf('>', from);
    const end = tagEnd >= 0 && text[tagEnd - 1] === '/' ? tagEnd + 1 : endAfter(text, `</${match[1]}>`, from);
    if (tagEnd >= 0 && end > 0) return { kind: 'point', xml: text.slice(from, end), consumed: end };
    if (text.length - from > MAX_POINT_CHARACTERS) return { kind: 'unreadable', consumed: from + 1 };
    return { kind: 'more', consumed: from };
  }
  // Long enough to hold the beginning of any opening tag.
  return { kind: 'more', consumed: Math.max(0, text.length - 64) };
}

/** Where `closing` ends in `text` after `from`, or 0. */
function endAfter(text: string, closing: string, from: number): number {
  const at = text.indexOf(closing, from);
  return at < 0 ? 0 : at + closing.length;
}

type Xml = { readonly [key: string]: unknown };

function judgePoint(row: number, xml: string): Row {
  let point: Xml | undefined;
  try {
    point = (parser.parse(xml) as { trkpt?: Xml }).trkpt;
  } catch {
    return { row, refused: 'row_unreadable' };
  }
  const time = point && text(point.time);
  if (!point || time === undefined) return { row, refused: 'row_unreadable' };
  const extensions = flatten(point.extensions);
  const speedMs = number(point.speed ?? extensions.speed);
  const values: RawValues = {};
  const put = (key: keyof RawValues, value: number | undefined) => {
    if (value !== undefined) values[key] = value;
  };
  put('lat', number(point['@lat']));
  put('lon', number(point['@lon']));
  put('altitudeM', number(point.ele));
  put('gpsSpeedKmh', speedMs === undefined ? undefined : speedMs * MS_TO_KMH);
  put('courseDeg', number(point.course ?? extensions.course));
  put('satellites', number(point.sat));
  put('hdop', number(point.hdop));
  put('vdop', number(point.vdop));
  put('pdop', number(point.pdop));
  return judgeRow(row, parseIsoTime(time), values);
}

/** Extensions nest by vendor (`TrackPointExtension`); only the names at the leaves matter here. */
function flatten(value: unknown, into: Record<string, unknown> = {}): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return into;
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry === 'object') flatten(entry, into);
    else into[key] = entry;
  }
  return into;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
const number = (value: unknown): number | undefined => {
  const digits = text(value);
  return digits === undefined ? undefined : Number(digits);
};
