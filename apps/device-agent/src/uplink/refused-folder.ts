import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorCode } from '@temoin/shared/errors';
import { type Disk, nodeDisk, replaceFile } from '../outbox/disk.ts';
import type { WaitingBatch } from '../outbox/outbox.ts';

const MAX_FILES = 200;
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Where batches go that the service will never take: beside the way of the others, with the code, for a person to look at.
 * Bounded; the oldest go first. Setting aside never fails: a card that is full must not make a bad batch block the good ones.
 */
export function createRefusedFolder(folder: string, disk: Disk = nodeDisk) {
  return {
    async setAside({ bytes, header }: WaitingBatch, code: ErrorCode, at: number): Promise<boolean> {
      const name = `${String(header.boot).padStart(10, '0')}-${String(header.seq).padStart(16, '0')}`;
      const note = { code, at, boot: header.boot, seq: header.seq };
      try {
        await disk.makeFolder(folder);
        await prune();
        await replaceFile(disk, join(folder, `${name}.batch`), bytes);
        await replaceFile(disk, join(folder, `${name}.json`), Buffer.from(`${JSON.stringify(note)}\n`));
        return true;
      } catch {
        return false;
      }
    },
  };

  async function prune(): Promise<void> {
    const names = (await readdir(folder)).sort();
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
    let bytes = sizes.reduce((sum, size) => sum + size, 0);
    for (let i = 0; i < names.length && (names.length - i > MAX_FILES || bytes > MAX_BYTES); i += 1) {
      await disk.remove(join(folder, names[i] ?? ''));
      bytes -= sizes[i] ?? 0;
    }
  }
}
