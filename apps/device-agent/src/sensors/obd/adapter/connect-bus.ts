import { makeRequest } from '../answers/request.ts';
import { supportedPids } from '../answers/supported.ts';
import type { LineForm } from '../frames/message.ts';
import type { Conversation } from '../line/conversation.ts';
import { readReply } from '../line/reply.ts';
import { set } from './initialise.ts';
import { type Link, type Outcome, query } from './query.ts';

// Finding the car's bus. The protocol that worked last time is tried first, because a search takes seconds; then the adapter
// searches by itself; and because some clones only claim to, every protocol is tried by name once the engine surely runs.

export interface Bus extends Link {
  readonly conversation: Conversation;
  readonly form: LineForm;
  /** Digit of the adapter's protocol list, for example `6`; empty when it does not say. */
  readonly protocol: string;
  readonly kind: 'can' | 'legacy' | undefined;
  /** PIDs of service 01 that some computer of the car supports. */
  readonly pids: ReadonlySet<number>;
}

const SEARCH_LIMIT_MS = 30_000;
/** Most usual first. `A0` is not among them: it hangs some clones until they lose power. */
const BY_NAME = ['6', '8', '1', '7', '9', '2', '3', '4', '5', 'A'];
const LAST_BASE = 0xa0;
/** Cars before masks were reliable, and clones that invent them, still tell these. */
const BASIC_PIDS = [0x04, 0x05, 0x0b, 0x0c, 0x0d, 0x0f, 0x10, 0x11];
/** Without it a car passes no test: a mask that lacks it is not believed. */
const RPM = 0x0c;

const PRESENCE = makeRequest(0x01, 0x00);

/** Asks whether any computer answers, with whatever protocol is set. One request, however it ends. */
export function probeBus(conversation: Conversation): Promise<Outcome> {
  return query({ conversation, form: 'any' }, PRESENCE, SEARCH_LIMIT_MS);
}

/**
 * Connects to the car and learns what it can tell. `nobody`: no computer answers, which usually means that the ignition is
 * off. `unclear`: something answers that cannot be read. `known` is the protocol that worked last time; `insist` tries every
 * protocol by name.
 */
export async function connectBus(
  conversation: Conversation,
  known: string,
  insist: boolean,
): Promise<Bus | 'nobody' | 'unclear'> {
  let found = /^[1-9A-C]$/.test(known) ? await tryProtocol(conversation, `ATTP${known}`) : 'nobody';
  let protocol = typeof found === 'object' ? known : '';
  if (typeof found !== 'object') {
    found = await tryProtocol(conversation, 'ATSP0');
    protocol = typeof found === 'object' ? await askProtocol(conversation) : '';
  }
  // `0`: it answers, but does not know in which protocol. It would search again for every request.
  if (typeof found === 'object' ? protocol === '' : insist && found === 'nobody') {
    for (const digit of BY_NAME) {
      const named = await tryProtocol(conversation, `ATTP${digit}`);
      if (typeof named !== 'object') continue;
      found = named;
      protocol = digit;
      break;
    }
    // Whoever asks again later must not find the last name tried.
    if (protocol === '') await set(conversation, 'ATSP0');
  }
  if (typeof found !== 'object') return found;
  const link = { conversation, form: found.form ?? ('any' as const) };
  return { ...link, protocol, kind: kindOf(protocol, link.form), pids: await discover(link, found) };
}

type Answered = Extract<Outcome, { kind: 'answered' }>;

async function tryProtocol(conversation: Conversation, command: string): Promise<Answered | 'nobody' | 'unclear'> {
  if (!(await set(conversation, command))) return 'unclear';
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const outcome = await probeBus(conversation);
    if (outcome.kind === 'answered') return outcome;
    // On old buses a search that finds nobody ends in an error.
    if (outcome.kind !== 'garbled') return 'nobody';
  }
  return 'unclear';
}

async function askProtocol(conversation: Conversation): Promise<string> {
  const { text, damaged } = await conversation.ask('ATDPN', 3_000);
  const { lines } = readReply('ATDPN', text);
  const digit = damaged ? undefined : /^A?([1-9A-C])$/.exec(lines[0] ?? '')?.[1];
  return digit ?? '';
}

function kindOf(protocol: string, form: LineForm): 'can' | 'legacy' | undefined {
  if (form === 'can11' || form === 'can29') return 'can';
  if (form === 'legacy') return 'legacy';
  if (protocol === '') return undefined;
  return /[1-5]/.test(protocol) ? 'legacy' : 'can';
}

/** Follows the masks from 00 on; the last bit of each says whether there is a next one. */
async function discover(link: Link, first: Answered): Promise<Set<number>> {
  const pids = new Set<number>();
  let outcome: Outcome = first;
  for (let base = 0; base <= LAST_BASE; base += 0x20) {
    if (base > 0) {
      if (!pids.has(base)) break;
      const request = makeRequest(0x01, base);
      outcome = await query(link, request);
      if (outcome.kind !== 'answered') outcome = await query(link, request);
    }
    if (outcome.kind !== 'answered') break;
    for (const { data } of outcome.answers) for (const pid of supportedPids(base, data)) pids.add(pid);
  }
  if (!pids.has(RPM)) for (const pid of BASIC_PIDS) pids.add(pid);
  return pids;
}
