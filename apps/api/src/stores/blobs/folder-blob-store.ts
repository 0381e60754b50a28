import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../http/app-error.ts';
import { checkBytes, checkName } from './blob-name.ts';
import type { BlobStore } from './blob-store.ts';

// Blobs as files: ab/cd/abcd…, so that no folder gets too long. A blob is written beside, made durable, and moved into place;
// so whatever is killed or loses power, a name either has all of its bytes or is not there. Its content type is a small file
// that is in place before it.

/** Opens the folder, creating it if need be; throws `store_unavailable` where that cannot be done. */
export async function openFolderBlobStore(root: string): Promise<BlobStore> {
  const drafts = join(root, 'drafts');
  await orUnavailable(async () => {
    await mkdir(drafts, { recursive: true, mode: 0o700 });
    // Left by a crash: nobody has been told that they are stored.
    for (const name of await readdir(drafts)) await rm(join(drafts, name), { force: true });
  });
  const folderOf = (sha256: string) => join(root, sha256.slice(0, 2), sha256.slice(2, 4));
  const pathOf = (sha256: string) => join(folderOf(sha256), sha256);
  const has = (sha256: string) =>
    stat(pathOf(sha256)).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return false;
        throw error;
      },
    );

  const place = async (path: string, bytes: Uint8Array | string): Promise<void> => {
    const draft = join(drafts, randomUUID());
    try {
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  };

  return {
    kind: 'folder',
    put: async (sha256, bytes, contentType) => {
      checkBytes(sha256, bytes);
      await orUnavailable(async () => {
        if (await has(sha256)) return;
        const made = await mkdir(folderOf(sha256), { recursive: true, mode: 0o700 });
        await place(`${pathOf(sha256)}.type`, contentType);
        await place(pathOf(sha256), bytes);
        await syncFolder(folderOf(sha256));
        // A new folder is itself an entry that can be lost.
        if (made !== undefined) for (const folder of [join(root, sha256.slice(0, 2)), root]) await syncFolder(folder);
      });
    },
    open: async (sha256) => {
      checkName(sha256);
      return orUnavailable(async () => {
        const file = await open(pathOf(sha256), 'r');
        try {
          const { size } = await file.stat();
          const contentType = await readFile(`${pathOf(sha256)}.type`, 'utf8').catch(() => 'application/octet-stream');
          // Reads from the open file: whoever removes the blob meanwhile does not cut this reader off.
          return { stream: file.createReadStream(), bytes: size, contentType };
        } catch (error) {
          await file.close();
          throw error;
        }
      });
    },
    has: async (sha256) => {
      checkName(sha256);
      return orUnavailable(() => has(sha256));
    },
    remove: async (sha256s) => {
      sha256s.forEach(checkName);
      await orUnavailable(async () => {
        for (const sha256 of sha256s) {
          await rm(pathOf(sha256), { force: true });
          await rm(`${pathOf(sha256)}.type`, { force: true });
        }
      });
    },
    close: async () => {},
  };
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new AppError('not_found', 'There is no such blob', { cause });
    const why = code === 'ENOSPC' ? 'the disk is full' : message;
    throw new AppError('store_unavailable', `The folder of photos cannot be used: ${why}`, { cause });
  }
}
