/** An open line to an adapter. Whatever happens to it, `closed` resolves once, with the reason in words. */
export interface Port {
  /** Hands text to the line; rejects when it is closed or takes nothing for `WRITE_LIMIT_MS`. */
  write(text: string): Promise<void>;
  /** One listener at a time; the latest counts. */
  onData(listener: (bytes: Uint8Array) => void): void;
  readonly closed: Promise<string>;
  close(): Promise<void>;
}

/** Opens a port; rejects when it cannot be opened, or within `OPEN_LIMIT_MS` is not. */
export type OpenPort = (signal: AbortSignal) => Promise<Port>;

export const OPEN_LIMIT_MS = 10_000;
export const WRITE_LIMIT_MS = 5_000;
