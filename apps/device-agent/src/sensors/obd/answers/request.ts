import type { Message } from '../frames/message.ts';

// Answers find their request by what they say: service + 0x40 and the same PID. Never by position: after one timeout the
// next reply is the late answer to the request before.

/** An OBD-2 request (SAE J1979): a service, and for most of them a PID and sometimes a frame number. */
export interface Request {
  readonly mode: number;
  readonly pid?: number;
  /** Service 02 only: which freeze frame. */
  readonly frame?: number;
  /** As sent to the adapter. */
  readonly text: string;
}

export interface Answer {
  readonly ecu: string;
  /** What follows the service and PID. */
  readonly data: readonly number[];
}

export interface Matched {
  /** In order of computer: the engine's first. */
  readonly answers: readonly Answer[];
  /** Codes of negative responses to this request, without 78 (more follows). */
  readonly refusals: readonly number[];
  /** Somebody asked for patience (7F .. 78). */
  readonly pending: boolean;
  /** Messages that answer something else. */
  readonly strangers: number;
}

const CLEAR_CODES = 0x04;

/**
 * PID 04 (engine load) ends in the service that erases all fault codes: a line that swallows `01` of `0104` sends exactly that.
 * Such a request is only worth asking on a line without a doubt.
 */
export const isDelicate = ({ mode, pid }: Request): boolean => mode !== CLEAR_CODES && pid === CLEAR_CODES;

/**
 * What is sent. Adapters ignore spaces; those before a delicate request are there to be lost in its place, because it is the
 * first characters that a busy or waking adapter swallows.
 */
export const sentText = (request: Request): string => (isDelicate(request) ? `      ${request.text}` : request.text);

/** The car confirms that it erased its fault codes, whatever was asked. */
export const saysErased = (messages: readonly Message[]): boolean =>
  messages.some(({ data }) => data[0] === CLEAR_CODES + 0x40);

const byte = (value: number) => value.toString(16).toUpperCase().padStart(2, '0');

export function makeRequest(mode: number, pid?: number, frame?: number): Request {
  const text = byte(mode) + (pid === undefined ? '' : byte(pid)) + (frame === undefined ? '' : byte(frame));
  return { mode, text, ...(pid === undefined ? {} : { pid }), ...(frame === undefined ? {} : { frame }) };
}

/** The request written as `010C`, `03` or `020C00`. Throws on anything else: requests are our own. */
export function parseRequest(text: string): Request {
  if (!/^([0-9A-F]{2}){1,3}$/.test(text)) throw new Error(`${text} is no OBD request`);
  const [mode = 0, pid, frame] = (text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  return makeRequest(mode, pid, frame);
}

const RESPONSE_PENDING = 0x78;

/** Sorts messages into answers to `request`, refusals of it, and strangers. */
export function matchMessages(request: Request, messages: readonly Message[]): Matched {
  const answers: Answer[] = [];
  const refusals: number[] = [];
  let pending = false;
  let strangers = 0;
  const head = [request.mode + 0x40, ...[request.pid, request.frame].filter((part) => part !== undefined)];
  for (const { ecu, data } of messages) {
    if (data[0] === 0x7f && data[1] === request.mode) {
      if (data[2] === RESPONSE_PENDING) pending = true;
      else refusals.push(data[2] ?? 0);
    } else if (head.every((part, i) => data[i] === part)) answers.push({ ecu, data: data.slice(head.length) });
    else strangers += 1;
  }
  return { answers, refusals, pending, strangers };
}
