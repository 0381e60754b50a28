/**
 * `lost`: the adapter does not answer, or the port closed: close and open again. `reset`: it restarted and forgot its
 * settings: initialise again. `stopped`: the caller wants no more.
 */
export type AdapterTrouble = 'lost' | 'reset' | 'stopped';

export class AdapterError extends Error {
  readonly trouble: AdapterTrouble;
  constructor(trouble: AdapterTrouble, message: string) {
    super(message);
    this.trouble = trouble;
  }
}
