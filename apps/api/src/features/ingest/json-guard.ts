import { AppError } from '../../http/app-error.ts';

// Looks over JSON before it is parsed: depth, number of keys, keys given twice and keys that reach into prototypes.
// `JSON.parse` takes all of these without a word (a repeated key silently wins, a deep array costs the stack of whoever walks
// it). Works on bytes, in one pass; syntax itself is left to `JSON.parse` afterwards.

export interface JsonLimits {
  readonly depth: number;
  readonly keysPerObject: number;
}
export const UPLOAD_JSON_LIMITS: JsonLimits = { depth: 16, keysPerObject: 256 };

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];

const refuse = (message: string) => new AppError('bad_request', message);

/**
 * Throws `bad_request` for JSON that is not to be parsed. Returns where the elements (objects) of the array `listKey` of the
 * outermost object begin and end, so that each can be kept to the byte as it was sent.
 */
export function guardJson(bytes: Uint8Array, limits: JsonLimits, listKey: string): { start: number; end: number }[] {
  // Per open bracket: the keys seen so far, or undefined for an array.
  const open: (Set<string> | undefined)[] = [];
  const elements: { start: number; end: number }[] = [];
  let expectsKey = false;
  let insideList = false;
  let lastTopKey = '';
  let elementStart = -1;

  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      const end = endOfString(bytes, i);
      const keys = open.at(-1);
      if (expectsKey && keys) {
        const key = readKey(bytes, i, end);
        if (FORBIDDEN_KEYS.has(key)) throw refuse('a key that is not allowed');
        if (keys.has(key)) throw refuse('a key is given twice');
        if (keys.size >= limits.keysPerObject) throw refuse('too many keys');
        keys.add(key);
        if (open.length === 1) lastTopKey = key;
        expectsKey = false;
      }
      i = end;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (open.length >= limits.depth) throw refuse('nested too deeply');
      if (byte === OPEN_ARRAY && open.length === 1) insideList = lastTopKey === listKey;
      if (byte === OPEN_OBJECT && insideList && open.length === 2) elementStart = i;
      open.push(byte === OPEN_OBJECT ? new Set() : undefined);
      expectsKey = byte === OPEN_OBJECT;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      open.pop();
      expectsKey = false;
      if (insideList && open.length === 2 && elementStart >= 0) {
        elements.push({ start: elementStart, end: i + 1 });
        elementStart = -1;
      }
      if (open.length === 1) insideList = false;
    } else if (byte === COMMA) {
      expectsKey = open.at(-1) !== undefined;
    }
  }
  return elements;
}

/** Index of the closing quote. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let i = start + 1; i < bytes.length; i += 1) {
    if (bytes[i] === QUOTE) return i;
    if (bytes[i] === BACKSLASH) i += 1;
  }
  throw refuse('the JSON ends inside a text');
}

/** The key as it will be after parsing: `"\u0061"` and `"a"` are the same key. */
function readKey(bytes: Uint8Array, start: number, end: number): string {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset + start, end + 1 - start).toString('utf8');
  if (!raw.includes('\\')) return raw.slice(1, -1);
  try {
    return JSON.parse(raw) as string;
  } catch {
    throw refuse('this is no JSON');
  }
}

/** Parses after the guard. Throws `bad_request` for what is no JSON or no UTF-8 (a byte order mark included). */
export function parseGuarded(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new AppError('bad_request', 'this is no JSON', { cause });
  }
}
