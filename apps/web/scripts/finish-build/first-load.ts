import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Scripts that a page loads at once, gzipped, in bytes. What is imported later (map, charts) does not count. */
export async function firstLoadBytes(out: string, page: string): Promise<number> {
  const html = await readFile(join(out, page), 'utf8');
  const scripts = new Set<string>();
  for (const [tag, source = ''] of html.matchAll(/<script\b[^>]*\bsrc="(\/_next\/[^"]+)"[^>]*>/g)) {
    if (!/\bnomodule\b/i.test(tag)) scripts.add(source.replace(/\?.*$/, ''));
  }
  const sizes = await Promise.all(
    [...scripts].map(
      async (path) => gzipSync(await readFile(join(out, decodeURIComponent(path))), { level: 9 }).length,
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
