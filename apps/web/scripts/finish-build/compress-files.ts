import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);
const TEXT = /\.(html|js|css|txt|svg|json|webmanifest)$/;
/** Below this a compressed twin saves less than a packet. */
const WORTH_BYTES = 1024;

/** Writes `.br` and `.gz` beside every text file of `folder`, so that the server never compresses while someone waits. */
export async function compressFiles(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && TEXT.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths) {
    if ((await stat(path)).size < WORTH_BYTES) continue;
    const content = await readFile(path);
    const quality = {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    };
    await Promise.all([
      writeFile(`${path}.br`, await toBrotli(content, quality)),
      writeFile(`${path}.gz`, await toGzip(content, { level: 9 })),
    ]);
  }
}
