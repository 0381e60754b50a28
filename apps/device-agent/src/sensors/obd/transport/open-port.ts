import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import { ReadStream } from 'node:tty';
import type { AdapterAddress } from './address.ts';
import { OPEN_LIMIT_MS, type Port } from './port.ts';
import { streamPort } from './stream-port.ts';

/** The usual speeds, most usual first; Bluetooth lines ignore them. */
export const BAUDS = [38_400, 9_600, 115_200, 500_000] as const;

/** Opens what `address` names; `baud` is used when the address does not fix one. Rejects with the system's words. */
export async function openPort(address: AdapterAddress, baud: number, signal: AbortSignal): Promise<Port> {
  signal.throwIfAborted();
  if (address.kind === 'tcp') return openTcp(address.host, address.port, signal);
  if (address.kind === 'tty') return openTty(address.path);
  return openSerial(address.path, address.baud ?? baud);
}

function openTcp(host: string, port: number, signal: AbortSignal): Promise<Port> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
    const fail = (error: Error) => {
      clearTimeout(limit);
      signal.removeEventListener('abort', abort);
      socket.destroy();
      reject(error);
    };
    const abort = () => fail(new Error('stopped'));
    const limit = setTimeout(() => fail(new Error('did not connect in time')), OPEN_LIMIT_MS);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(limit);
      signal.removeEventListener('abort', abort);
      socket.removeListener('error', fail);
      resolve(streamPort(socket));
    });
  });
}

/** A terminal device in raw mode, for pseudo-terminals and systems without the serial driver. */
async function openTty(path: string): Promise<Port> {
  const file = await open(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  try {
    const stream = new ReadStream(file.fd);
    stream.setRawMode(true);
    return streamPort(stream, () => file.close().catch(() => undefined));
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** A serial device: USB, Bluetooth serial port (`/dev/rfcomm0`), or a pseudo-terminal. */
async function openSerial(path: string, baudRate: number): Promise<Port> {
  // Loaded only here: a box without a serial adapter needs no native driver.
  const { SerialPort } = await import('serialport');
  const serial = new SerialPort({ path, baudRate, autoOpen: false, lock: true });
  await new Promise<void>((resolve, reject) => {
    // Opening a Bluetooth device pages the adapter and can hang; the driver finishes it in the background.
    const limit = setTimeout(() => {
      serial.once('open', () => serial.close(() => undefined));
      reject(new Error('did not open in time'));
    }, OPEN_LIMIT_MS);
    serial.once('error', () => undefined);
    serial.open((error) => {
      clearTimeout(limit);
      if (error) reject(error);
      else resolve();
    });
  });
  return streamPort(
    serial,
    () => new Promise((resolve) => (serial.isOpen ? serial.close(() => resolve()) : resolve())),
  );
}
