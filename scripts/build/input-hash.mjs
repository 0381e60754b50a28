import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

// A build step is skipped when the bytes of everything that goes into it are what they were. Contents are hashed, not times:
// a fresh clone, a checkout to and fro and a copied folder all have new times and old contents.

const OUTPUTS = new Set([
  'node_modules',
  'dist',
  'out',
  '.next',
  '.git',
  '.tools',
  'coverage',
  'basemap',
  'next-env.d.ts',
]);
const isTest = (name) => /\.(test|contract)\.tsx?$/.test(name);

/** SHA-256 (hex) over paths and contents of `inputs` (files or folders below `root`); tests and outputs do not count. */
export async function hashInputs(root, inputs) {
  const files = [];
  for (const input of inputs) await collect(join(root, input), files);
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    hash.update(relative(root, file).split(sep).join('/')).update('\0');
    hash.update(
      createHash('sha256')
        .update(await readFile(file))
        .digest(),
    );
  }
  return hash.digest('hex');
}

async function collect(path, files) {
  const info = await stat(path).catch(() => undefined);
  if (!info) return;
  if (info.isFile()) {
    files.push(path);
    return;
  }
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (OUTPUTS.has(entry.name) || isTest(entry.name) || entry.name.endsWith('.tsbuildinfo')) continue;
    if (entry.isDirectory()) await collect(join(path, entry.name), files);
    else if (entry.isFile()) files.push(join(path, entry.name));
  }
}
