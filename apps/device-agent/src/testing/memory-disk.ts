import { dirname } from 'node:path';
import type { Disk, DiskFile } from '../outbox/disk.ts';

// A card in memory that forgets what a real one may forget. Writes count only when synced; names (new files, renames, removals)
// only when their folder is synced. `powerCut` keeps what was synced and, of the rest, whatever the caller's random says:
// each unsynced write whole, in part, or not at all, and each unsynced name or not.

interface Inode {
  durable: Uint8Array;
  unsynced: ({ at: number; bytes: Uint8Array } | { length: number })[];
}

export type Operation =
  | 'list'
  | 'makeFolder'
  | 'open'
  | 'rename'
  | 'remove'
  | 'syncFolder'
  | 'read'
  | 'write'
  | 'sync'
  | 'truncate'
  | 'size'
  | 'close';

export interface MemoryDisk extends Disk {
  /** Operations so far, failed ones included. */
  operations(): number;
  /** Called before each operation; throws to let it fail. */
  beforeEach: (operation: Operation, path: string) => void;
  /** The card as it is found after the power has come back. */
  powerCut(random: () => number): MemoryDisk;
  /** Contents as a running system sees them. */
  contents(path: string): Uint8Array | undefined;
  replaceContents(path: string, bytes: Uint8Array): void;
  paths(): string[];
  bytesWritten(): number;
}

export const diskError = (code: string): Error => Object.assign(new Error(code), { code });

export function createMemoryDisk(names = new Map<string, Inode>()): MemoryDisk {
  /** What the running system sees, and what survives. */
  const live = new Map(names);
  const durable = new Map(names);
  let operations = 0;
  let written = 0;

  const before = (operation: Operation, path: string): void => {
    operations += 1;
    disk.beforeEach(operation, path);
  };

  function current(inode: Inode): Uint8Array {
    return inode.unsynced.reduce(apply, inode.durable);
  }

  function fileOf(path: string, inode: Inode): DiskFile {
    return {
      async read(into, position) {
        before('read', path);
        const part = current(inode).subarray(position, position + into.length);
        into.set(part);
        return part.length;
      },
      async write(bytes, position) {
        before('write', path);
        written += bytes.length;
        inode.unsynced.push({ at: position, bytes: Uint8Array.from(bytes) });
      },
      async sync() {
        before('sync', path);
        inode.durable = current(inode);
        inode.unsynced = [];
      },
      async truncate(length) {
        before('truncate', path);
        inode.unsynced.push({ length });
      },
      async size() {
        before('size', path);
        return current(inode).length;
      },
      async close() {
        before('close', path);
      },
    };
  }

  const disk: MemoryDisk = {
    beforeEach: () => undefined,
    operations: () => operations,
    bytesWritten: () => written,
    async list(folder) {
      before('list', folder);
      return [...live.keys()].filter((path) => dirname(path) === folder).map((path) => path.slice(folder.length + 1));
    },
    async makeFolder(folder) {
      before('makeFolder', folder);
    },
    async open(path, how) {
      before('open', path);
      let inode = live.get(path);
      if (how === 'create') {
        if (inode) throw diskError('EEXIST');
        inode = { durable: new Uint8Array(), unsynced: [] };
        live.set(path, inode);
      }
      if (!inode) throw diskError('ENOENT');
      return fileOf(path, inode);
    },
    async rename(from, to) {
      before('rename', to);
      const inode = live.get(from);
      if (!inode) throw diskError('ENOENT');
      live.delete(from);
      live.set(to, inode);
    },
    async remove(path) {
      before('remove', path);
      if (!live.delete(path)) throw diskError('ENOENT');
    },
    async syncFolder(folder) {
      before('syncFolder', folder);
      for (const path of new Set([...live.keys(), ...durable.keys()])) {
        if (dirname(path) !== folder) continue;
        const inode = live.get(path);
        if (inode) durable.set(path, inode);
        else durable.delete(path);
      }
    },
    powerCut(random) {
      const left = new Map<string, Inode>();
      for (const path of new Set([...live.keys(), ...durable.keys()])) {
        const inode = (random() < 0.5 ? live : durable).get(path);
        if (inode) left.set(path, { durable: tear(inode, random), unsynced: [] });
      }
      return createMemoryDisk(left);
    },
    contents: (path) => {
      const inode = live.get(path);
      return inode && current(inode);
    },
    replaceContents(path, bytes) {
      const inode = { durable: bytes, unsynced: [] };
      live.set(path, inode);
      durable.set(path, inode);
    },
    paths: () => [...live.keys()],
  };
  return disk;
}

function apply(bytes: Uint8Array, change: Inode['unsynced'][number]): Uint8Array {
  if ('length' in change) return bytes.slice(0, change.length);
  const next = new Uint8Array(Math.max(bytes.length, change.at + change.bytes.length));
  next.set(bytes);
  next.set(change.bytes, change.at);
  return next;
}

/** Synced bytes, and of the unsynced changes those that happened to reach the medium, the last of them perhaps in part. */
function tear(inode: Inode, random: () => number): Uint8Array {
  let bytes = inode.durable;
  for (const change of inode.unsynced) {
    const luck = random();
    if (luck < 0.3) continue;
    if (luck < 0.6 && 'bytes' in change) {
      // The file system had made the file longer, but only part of the bytes came.
      const part = Uint8Array.from(change.bytes);
      part.fill(0, Math.floor(random() * part.length));
      bytes = apply(bytes, {
        at: change.at,
        bytes: random() < 0.5 ? part.subarray(0, Math.floor(random() * part.length)) : part,
      });
    } else bytes = apply(bytes, change);
  }
  return bytes;
}

/** A small repeatable generator (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
