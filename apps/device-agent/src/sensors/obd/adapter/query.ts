import { type Answer, matchMessages, type Request, saysErased, sentText } from '../answers/request.ts';
import { assemble } from '../frames/assemble.ts';
import type { LineForm } from '../frames/message.ts';
import { AdapterError } from '../line/adapter-error.ts';
import type { Conversation } from '../line/conversation.ts';
import { type Reply, readReply } from '../line/reply.ts';

// One request to the car and what became of it. Whatever cannot be read with certainty is no answer; whatever belongs to
// another question makes the line get in step before the next one.

export type Outcome =
  | {
      readonly kind: 'answered';
      /** When the reply was complete, wall clock, ms. */
      readonly at: number;
      /** In order of computer, the engine's first; never empty. */
      readonly answers: readonly Answer[];
      readonly form: Exclude<LineForm, 'any'> | undefined;
      /** False when a part of the reply could not be read: another computer may have said more. */
      readonly whole: boolean;
    }
  /** The car understood and said no (7F); `code` is its reason. */
  | { readonly kind: 'refused'; readonly code: number }
  /** Nobody answered in time. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'no_bus' }
  | { readonly kind: 'bus_error' }
  /** `erased`: what was asked arrived as the command to clear the fault codes. */
  | { readonly kind: 'garbled'; readonly erased?: boolean };

/** A line and how its frames look. */
export interface Link {
  readonly conversation: Conversation;
  readonly form: LineForm;
}

/** Asks the car. Throws `AdapterError`: `lost`, `reset` (it restarted in between) or `stopped`. */
export async function query({ conversation, form }: Link, request: Request, limitMs?: number): Promise<Outcome> {
  const { text, at, damaged } = await conversation.ask(sentText(request), limitMs);
  if (damaged) return { kind: 'garbled' };
  const reply = readReply(request.text, text);
  if (reply.notices.has('reset') || reply.notices.has('fault'))
    throw new AdapterError('reset', 'the adapter restarted or wants to');
  const { messages, dropped, form: seen } = assemble(reply.lines, request.mode, form);
  const { answers, refusals, pending, strangers } = matchMessages(request, messages);
  // In any form: it is said even when the settings are gone.
  if (request.mode !== 0x04 && saysErased(assemble(reply.lines, 0x04).messages)) {
    conversation.distrust();
    return { kind: 'garbled', erased: true };
  }
  if (strangers > 0) conversation.distrust(dropped === 0);
  if (answers.length > 0) return { kind: 'answered', at, answers, form: seen, whole: dropped === 0 };
  if (refusals[0] !== undefined) return { kind: 'refused', code: refusals[0] };
  if (pending) return { kind: 'silent' };
  const complaint = complaintOf(reply);
  if (complaint) return { kind: complaint };
  // Nothing, or something else: a lost prompt, noise, settings that are gone.
  if (strangers === 0 || dropped > 0) conversation.distrust();
  return { kind: 'garbled' };
}

function complaintOf({ notices }: Reply): 'silent' | 'no_bus' | 'bus_error' | undefined {
  if (notices.has('no_bus')) return 'no_bus';
  if (notices.has('bus_error')) return 'bus_error';
  return notices.has('no_data') ? 'silent' : undefined;
}
