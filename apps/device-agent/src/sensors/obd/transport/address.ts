// Where an adapter is, in one line of text: `tcp://192.168.0.10:35000`, `/dev/ttyUSB0`, `/dev/rfcomm0?baud=38400`,
// `tty:/dev/pts/3` (a terminal opened without the serial driver).

export type AdapterAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'serial'; readonly path: string; readonly baud?: number }
  | { readonly kind: 'tty'; readonly path: string };

/** Wi-Fi adapters listen here. */
const USUAL_PORT = 35_000;

/** Reads an adapter's address. Throws when it is none. */
export function parseAddress(text: string): AdapterAddress {
  const tcp = /^tcp:\/\/(\[[0-9a-f:]+\]|[^:/[\]]+)(?::(\d{1,5}))?\/?$/i.exec(text);
  if (tcp) {
    const port = tcp[2] === undefined ? USUAL_PORT : Number(tcp[2]);
    if (port < 1 || port > 65_535) throw new Error(`${text}: no such TCP port`);
    return { kind: 'tcp', host: (tcp[1] ?? '').replace(/^\[|\]$/g, ''), port };
  }
  const tty = /^tty:(\/.+)$/.exec(text);
  if (tty) return { kind: 'tty', path: tty[1] ?? '' };
  const serial = /^(?:serial:)?(\/[^?]+|COM\d+)(?:\?baud=(\d{3,7}))?$/.exec(text);
  if (!serial) throw new Error(`${text} is no address of an adapter (tcp://host:port, /dev/…, tty:/dev/…)`);
  return { kind: 'serial', path: serial[1] ?? '', ...(serial[2] ? { baud: Number(serial[2]) } : {}) };
}
