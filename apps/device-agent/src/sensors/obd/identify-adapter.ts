import type { Clock } from '../clock.ts';
import { initialise } from './adapter/initialise.ts';
import { createConversation } from './line/conversation.ts';
import { parseAddress } from './transport/address.ts';
import { BAUDS, openPort } from './transport/open-port.ts';
import type { Port } from './transport/port.ts';

export interface FoundAdapter {
  /** What it calls itself; empty when it speaks like an ELM327 but has no name. */
  readonly name: string;
  /** V at the socket; undefined when it cannot measure or is not in a car. */
  readonly voltageV: number | undefined;
  readonly baud: number;
}

export interface IdentifyOptions {
  readonly address: string;
  readonly clock: Clock;
  /** In place of the address's own transport. */
  readonly open?: (baud: number, signal: AbortSignal) => Promise<Port>;
}

/**
 * Looks whether an ELM327 is at `address`, for installing and self-tests; tries the usual speeds. The car is not asked.
 * Undefined when there is none, or `signal` aborts before one answered. Do not use while a sensor has the port.
 */
export async function identifyAdapter(
  options: IdentifyOptions,
  signal: AbortSignal,
): Promise<FoundAdapter | undefined> {
  const address = parseAddress(options.address);
  const open = options.open ?? ((baud: number, until: AbortSignal) => openPort(address, baud, until));
  const isSerial = address.kind === 'serial' && address.baud === undefined;
  const bauds =
    address.kind === 'serial' && address.baud !== undefined ? [address.baud] : isSerial ? BAUDS : [BAUDS[0]];
  for (const baud of bauds) {
    if (signal.aborted) return undefined;
    let port: Port | undefined;
    try {
      port = await open(baud, signal);
      const { name, voltageV } = await initialise(createConversation(port, options.clock, signal));
      return { name, voltageV, baud };
    } catch {
      // Not there, not readable at this speed, or not an ELM327: the next speed tells.
    } finally {
      await port?.close().catch(() => undefined);
    }
  }
  return undefined;
}
