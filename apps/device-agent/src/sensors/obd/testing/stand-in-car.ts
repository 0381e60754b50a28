import { makeRequest } from '../answers/request.ts';
import { hex } from '../frames/hex.ts';

// A stand-in for the computers of a car, for deterministic tests. It answers requests with bytes; how they travel is the
// adapter's affair (stand-in-adapter.ts).

type BusForm = 'can11' | 'can29' | 'legacy';

export interface StandInEcu {
  readonly id: string;
  /** Data bytes by request without service reply, for example `010C` → [0x1A, 0xF8]; read at the time of asking. */
  readonly answers: Readonly<Record<string, readonly number[] | (() => readonly number[])>>;
  readonly stored?: readonly number[];
  readonly pending?: readonly number[];
  readonly permanent?: readonly number[];
  readonly vin?: string;
  /** Whole messages in place of the answer, by request. */
  readonly strange?: Readonly<Record<string, readonly number[]>>;
  /** Negative response code by request. */
  readonly refuses?: Readonly<Record<string, number>>;
}

export interface StandInCar {
  readonly form: BusForm;
  /** Digit of the adapter's protocol list. */
  readonly protocol: string;
  readonly ecus: StandInEcu[];
  isIgnitionOn(): boolean;
  voltageV(): number;
  cleared: number;
}

/** The lines that the adapter prints for `request`, headers as asked; empty when nobody answers. */
export function linesOf(car: StandInCar, request: string, headers: boolean, spaces: boolean): string[] {
  return car.ecus.flatMap((ecu) => {
    const data = answerOf(car, ecu, request);
    return data ? frames(car.form, ecu.id, data, headers, spaces) : [];
  });
}

function answerOf(car: StandInCar, ecu: StandInEcu, request: string): number[] | undefined {
  const refusal = ecu.refuses?.[request];
  const bytes = [...Buffer.from(request, 'hex')];
  const [mode = 0] = bytes;
  const strange = ecu.strange?.[request];
  if (strange) return [...strange];
  if (refusal !== undefined) return [0x7f, mode, refusal];
  const head = [mode + 0x40, ...bytes.slice(1)];
  const count = (codes: readonly number[]) => (car.form === 'legacy' ? [] : [codes.length / 2]);
  if (mode === 0x03 && ecu.stored) return [...head, ...count(ecu.stored), ...ecu.stored];
  if (mode === 0x07 && ecu.pending) return [...head, ...count(ecu.pending), ...ecu.pending];
  if (mode === 0x0a && ecu.permanent) return [...head, ...count(ecu.permanent), ...ecu.permanent];
  if (mode === 0x04) {
    car.cleared += 1;
    return head;
  }
  if (request === '0902' && ecu.vin) {
    const vin = [...Buffer.from(ecu.vin, 'latin1')];
    return car.form === 'legacy' ? [...head, 0, 0, 0, ...vin] : [...head, 1, ...vin];
  }
  const own = ecu.answers[request];
  if (own) return [...head, ...(typeof own === 'function' ? own() : own)];
  const mask = maskOf(ecu, request);
  return mask ? [...head, ...mask] : undefined;
}

/** The mask of supported PIDs follows from the answers there are. */
function maskOf(ecu: StandInEcu, request: string): number[] | undefined {
  const match = /^01([02468A])0$/.exec(request) ?? /^02(0)000$/.exec(request);
  if (!match) return undefined;
  const base = Number.parseInt(`${match[1]}0`, 16);
  const isThere = (pid: number) =>
    request.startsWith('02')
      ? `${makeRequest(2, pid, 0).text}` in ecu.answers
      : makeRequest(1, pid).text in ecu.answers;
  const beyond = Object.keys(ecu.answers).some(
    (text) => text.startsWith('01') && Number.parseInt(text.slice(2), 16) > base + 0x20,
  );
  const mask = [0, 0, 0, 0];
  for (let bit = 0; bit < 32; bit += 1) {
    const pid = base + bit + 1;
    if (isThere(pid) || (bit === 31 && beyond)) mask[bit >> 3] = (mask[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  }
  return mask.some((byte) => byte !== 0) ? mask : undefined;
}

function frames(form: BusForm, id: string, data: number[], headers: boolean, spaces: boolean): string[] {
  const print = (bytes: number[], prefix = '') => {
    const parts = [...(prefix ? [prefix] : []), ...bytes.map((byte) => hex([byte]))];
    return spaces ? `${parts.join(' ')} ` : parts.join('');
  };
  if (form === 'legacy') return legacyFrames(id, data, headers).map((bytes) => print(bytes));
  const prefix = headers ? id : '';
  if (data.length <= 7) return [headers ? print([data.length, ...data], prefix) : print(data)];
  const rest = data.slice(6);
  const chunks = Array.from({ length: Math.ceil(rest.length / 7) }, (_, i) => rest.slice(i * 7, i * 7 + 7));
  const padded = chunks.map((chunk) => [...chunk, ...new Array<number>(7 - chunk.length).fill(0)]);
  if (!headers) {
    const length = data.length.toString(16).toUpperCase().padStart(3, '0');
    const lines = [data.slice(0, 6), ...padded].map(
      (chunk, i) => `${(i % 16).toString(16).toUpperCase()}: ${print(chunk)}`,
    );
    return [length, ...lines];
  }
  const first = [0x10 | (data.length >> 8), data.length & 0xff, ...data.slice(0, 6)];
  return [print(first, prefix), ...padded.map((chunk, i) => print([0x20 | ((i + 1) % 16), ...chunk], prefix))];
}

function legacyFrames(id: string, data: number[], headers: boolean): number[][] {
  const wrap = (bytes: number[]) => {
    if (!headers) return bytes;
    const all = [0x48, 0x6b, Number.parseInt(id, 16), ...bytes];
    return [...all, all.reduce((sum, byte) => (sum + byte) & 0xff, 0)];
  };
  const mode = data[0] ?? 0;
  const chunk = (from: number, size: number) => {
    const rest = data.slice(from);
    return Array.from({ length: Math.max(1, Math.ceil(rest.length / size)) }, (_, i) => {
      const part = rest.slice(i * size, i * size + size);
      return [...part, ...new Array<number>(size - part.length).fill(0)];
    });
  };
  if (mode === 0x49) return chunk(2, 4).map((part, i) => wrap([mode, data[1] ?? 0, i + 1, ...part]));
  if ([0x43, 0x47, 0x4a].includes(mode)) return chunk(1, 6).map((part) => wrap([mode, ...part]));
  return [wrap(data)];
}
