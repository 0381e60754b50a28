// A reply as text, taken apart: the echo goes, progress words go, sentences of the adapter become notices, and what is left
// may be frames. A line with a complaint on it is not data, whatever stands before the complaint.

/**
 * What the adapter says in words. `no_data`: nobody answered in time. `no_bus`: no protocol found. `bus_error`: trouble on the
 * wires. `stopped`: a byte interrupted it. `reset`: it restarted and forgot its settings. `fault`: it asks to be restarted.
 */
type Notice =
  | 'ok'
  | 'not_understood'
  | 'no_data'
  | 'no_bus'
  | 'bus_error'
  | 'stopped'
  | 'buffer_full'
  | 'alert'
  | 'reset'
  | 'fault';

export interface Reply {
  /** Lines that are neither echo, progress nor notice; upper case, trimmed. */
  readonly lines: readonly string[];
  readonly notices: ReadonlySet<Notice>;
  /** Nothing at all but the echo stood before the prompt. */
  readonly empty: boolean;
}

/** Longest first where one sentence contains another. */
const SENTENCES: readonly (readonly [RegExp, Notice])[] = [
  [/ELM ?3\d\d|OBDII? V\d|LV RESET/, 'reset'],
  [/ERR ?94/, 'fault'],
  [/UNABLE TO CONNECT/, 'no_bus'],
  [/NO ?DATA|NOT CONNECTED|DISCONNECTED/, 'no_data'],
  [/STOPPED/, 'stopped'],
  [/BUFFER FULL|OUT OF MEMORY/, 'buffer_full'],
  [/(ACT|LP) ALERT/, 'alert'],
  [/BUS BUSY|ERR ?\d\d|ERROR|<RX|<DATA/, 'bus_error'],
  [/\?/, 'not_understood'],
];

/** `SEARCHING...` and `BUS INIT: ...OK` may stand alone, before data on the same line, or before an error. */
const PROGRESS = /^(SEARCHING ?\.*|BUS INIT ?:? ?\.*(OK)?)\s*/;

const squeeze = (text: string) => text.replace(/\s+/g, '').toUpperCase();

/** Takes apart what came before the prompt in answer to `command`. */
export function readReply(command: string, text: string): Reply {
  const lines: string[] = [];
  const notices = new Set<Notice>();
  const all = text.split(/[\r\n]+/).map((line) => line.trim().toUpperCase());
  const said = all.filter((line) => line !== '');
  // A clone that browned out echoes again, whatever it promised.
  if (said[0] !== undefined && squeeze(said[0]) === squeeze(command)) said.shift();
  for (const whole of said) {
    const line = whole.replace(PROGRESS, '');
    if (line === '') continue;
    const sentence = SENTENCES.find(([pattern]) => pattern.test(line));
    if (sentence) notices.add(sentence[1]);
    else if (line === 'OK') notices.add('ok');
    else lines.push(line);
  }
  return { lines, notices, empty: said.length === 0 };
}
