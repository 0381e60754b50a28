import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { Complaint } from './options.mjs';

// What stops a start is looked for before anything is started, so that the answer is one sentence and not a heap of logs.

/** Room for a new PostgreSQL (60 MB), its first log files and some days of readings. */
const NEEDED_MB = Number(process.env.TEMOIN_MIN_FREE_MB ?? 300);

/** Throws when the disk that holds `folder` (or its nearest existing parent) is nearly full. */
export async function checkDisk(folder, neededMb = NEEDED_MB) {
  let place = folder;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  const { bavail, bsize } = await statfs(place);
  const freeMb = Math.floor((bavail * bsize) / (1 << 20));
  if (freeMb < neededMb) {
    throw new Complaint(
      `The disk of ${folder} has ${freeMb} MB free, and Temoin needs at least ${neededMb} MB. ` +
        'Free some space, or choose a folder on another disk with --data DIR.',
    );
  }
}

/** Throws when something listens on the port already, or the address is not this machine's. */
export function checkPort(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (error.code === 'EADDRINUSE') {
        reject(
          new Complaint(
            `Port ${port} is in use by another program. Stop that program, or choose another port: npm start -- --port ${port === 65_535 ? 8480 : port + 1}`,
          ),
        );
      } else if (error.code === 'EACCES') {
        reject(
          new Complaint(`Port ${port} may be opened by root alone. Choose one above 1023: npm start -- --port 8480`),
        );
      } else if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' || error.code === 'EAFNOSUPPORT') {
        reject(
          new Complaint(
            `${host} is no address of this machine. Use --host 127.0.0.1, or 0.0.0.0 to be reached from others.`,
          ),
        );
      } else {
        reject(
          new Complaint(
            `Port ${port} cannot be opened (${error.code ?? error.message}). Choose another one with --port.`,
          ),
        );
      }
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve()));
  });
}
