import { AdapterError } from '../line/adapter-error.ts';
import type { Conversation } from '../line/conversation.ts';
import { readReply } from '../line/reply.ts';
import { parseVoltage } from './voltage.ts';

// From power-on to a known state. Clones answer `?` to half of the AT commands, forget settings and greet with any name: only
// the end of echoes is insisted on, everything else is a feature that is there or not.

export interface AdapterInfo {
  /** What it answers to `ATI`, for example `ELM327 v1.5`; empty when it says nothing sensible. */
  readonly name: string;
  /** It promised headers; the first frames show whether it keeps the promise. */
  readonly headers: boolean;
  /** V at the socket; undefined when it cannot measure or is not in a car. */
  readonly voltageV: number | undefined;
}

const RESTART_LIMIT_MS = 4_000;
const SETTING_LIMIT_MS = 3_000;
const TRIES = 3;

/** Restarts the adapter and sets it up. Throws `AdapterError('lost')` when what is there does not speak like an ELM327. */
export async function initialise(conversation: Conversation): Promise<AdapterInfo> {
  for (let attempt = 1; ; attempt += 1) {
    const { text, damaged } = await conversation.ask('ATZ', RESTART_LIMIT_MS);
    // The greeting may be any text; what was interrupted by us may stand in its place, then once more.
    if (!damaged && readReply('ATZ', text).notices.has('reset')) break;
    conversation.distrust();
    if (attempt >= TRIES) break;
  }
  if (!(await set(conversation, 'ATE0'))) throw new AdapterError('lost', 'what is there does not speak like an ELM327');
  const name = await askName(conversation);
  if (name !== '') conversation.identify(name);
  await set(conversation, 'ATL0');
  await set(conversation, 'ATS0');
  const headers = await set(conversation, 'ATH1');
  await set(conversation, 'ATAT1');
  return { name, headers, voltageV: await askVoltage(conversation) };
}

/** Sends a setting; true when it was taken, false when the adapter does not know it or answers nonsense three times. */
export async function set(conversation: Conversation, command: string): Promise<boolean> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const { text, damaged } = await conversation.ask(command, SETTING_LIMIT_MS);
    const { notices } = readReply(command, text);
    if (!damaged && notices.has('ok')) return true;
    if (!damaged && notices.has('not_understood') && command !== 'ATE0') return false;
    conversation.distrust();
  }
  return false;
}

async function askName(conversation: Conversation): Promise<string> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const { text, damaged } = await conversation.ask('ATI', SETTING_LIMIT_MS);
    const lines = text.split(/[\r\n]+/).map((line) => line.trim());
    const name = lines.filter((line) => line !== '' && line.toUpperCase() !== 'ATI').at(-1) ?? '';
    if (!damaged && /^[\w .:/-]*[A-Z]{3}[\w .:/-]*$/i.test(name) && name.length <= 40) return name;
    if (!damaged && name === '?') return '';
    conversation.distrust();
  }
  return '';
}

/** V at the socket, or undefined when the adapter does not say or says what no car has. */
export async function askVoltage(conversation: Conversation): Promise<number | undefined> {
  const { text, damaged } = await conversation.ask('ATRV', SETTING_LIMIT_MS);
  const reply = readReply('ATRV', text);
  if (damaged) return undefined;
  if (reply.notices.has('not_understood')) return undefined;
  const voltageV = parseVoltage(reply.lines);
  if (voltageV === undefined) conversation.distrust();
  return voltageV === undefined || voltageV < LEAST_IN_A_CAR_V ? undefined : voltageV;
}

/** Below it the adapter lies on a desk. */
const LEAST_IN_A_CAR_V = 6;
