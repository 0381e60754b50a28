/** What one control unit said in answer to one request: mode + 0x40, then (in most modes) the PID, then data. */
export interface Message {
  /** As it stands on the bus: `7E8`, `18DAF110`, `10`; empty when the adapter hides it. */
  readonly ecu: string;
  readonly data: readonly number[];
}

/**
 * How lines look. With headers: `can11` (`7E8` first), `can29` (`18DAF1xx` first), `legacy` (three header bytes, checksum last;
 * J1850, ISO 9141, KWP). `bare`: the adapter leaves headers out. `any`: not known yet.
 */
export type LineForm = 'can11' | 'can29' | 'legacy' | 'bare' | 'any';
