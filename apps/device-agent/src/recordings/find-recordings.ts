import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { openRecording } from './open-recording.ts';
import type { Recording } from './recording.ts';

const MAX_DEPTH = 4;
const MAX_FILES = 2_000;

export interface FoundRecordings {
  readonly recordings: readonly Recording[];
  /** Files that are no drives, relative to the path asked for, and why. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

/**
 * The recorded drives in a file or in a folder and its subfolders, in order of their names. What is no drive (an index, a
 * readme, a list of events) is skipped and named. Labels are unique: a second file of the same name gets its folder's name.
 * Throws when `path` itself cannot be read.
 */
export async function findRecordings(path: string): Promise<FoundRecordings> {
  const info = await stat(path);
  const files = info.isDirectory() ? await listFiles(path) : [path];
  const recordings: Recording[] = [];
  const skipped: { file: string; reason: string }[] = [];
  const labels = new Set<string>();
  for (const file of files) {
    const name = relative(path, file) || basename(file);
    const found = await open(file);
    if (typeof found === 'string') skipped.push({ file: name, reason: found });
    else recordings.push({ ...found, label: uniqueLabel(found, labels) });
  }
  return { recordings, skipped };
}

async function open(file: string): Promise<Recording | string> {
  try {
    return (await openRecording(file)) ?? 'not a recorded drive of a known form';
  } catch (error) {
    return `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`;
  }
}

async function listFiles(folder: string, depth = 0, into: string[] = []): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.') || into.length >= MAX_FILES) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < MAX_DEPTH) await listFiles(path, depth + 1, into);
    else if (entry.isFile()) into.push(path);
  }
  return into;
}

function uniqueLabel({ label, path }: Recording, taken: Set<string>): string {
  let unique = label;
  if (taken.has(unique)) unique = `${basename(dirname(path))}-${label}`;
  for (let n = 2; taken.has(unique); n += 1) unique = `${label}-${n}`;
  taken.add(unique);
  return unique;
}
