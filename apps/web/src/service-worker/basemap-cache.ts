import { parseByteRange } from './byte-range';

// The own base map without a network: each tile file is kept whole, once the page has settled, and ranges of it are cut here.
// Only these two files of our own site are ever kept; tiles of other servers are never stored nor asked for in advance.

export interface BasemapFile {
  readonly path: string;
  /** Changes with the content, so that a new file takes the old one's place. */
  readonly hash: string;
}

const BASEMAP = 'temoin-basemap';
const HASH_HEADER = 'x-temoin-hash';
const blobs = new Map<string, Promise<{ blob: Blob; headers: Headers } | undefined>>();

function openKept(path: string) {
  let kept = blobs.get(path);
  if (!kept) {
    kept = caches
      .open(BASEMAP)
      .then((cache) => cache.match(path))
      .then(async (response) => response && { blob: await response.blob(), headers: response.headers });
    blobs.set(path, kept);
  }
  return kept;
}

/** A range of a tile file, from the kept copy if there is one. */
export async function answerBasemap(request: Request, path: string): Promise<Response> {
  const kept = await openKept(path).catch(() => undefined);
  const range = kept && parseByteRange(request.headers.get('range'), kept.blob.size);
  if (!kept || !range) return fetch(request);
  const headers = new Headers({
    'content-type': 'application/octet-stream',
    'content-range': `bytes ${range.first}-${range.last}/${kept.blob.size}`,
    'content-length': String(range.last - range.first + 1),
  });
  const etag = kept.headers.get('etag');
  if (etag) headers.set('etag', etag);
  return new Response(kept.blob.slice(range.first, range.last + 1), { status: 206, headers });
}

/** Fetches what is missing or has changed. Failing is no error: the next page tries again. */
export async function keepBasemap(files: readonly BasemapFile[]): Promise<void> {
  const cache = await caches.open(BASEMAP);
  for (const { path, hash } of files) {
    const known = await cache.match(path);
    if (known?.headers.get(HASH_HEADER) === hash) continue;
    const response = await fetch(path).catch(() => undefined);
    if (response?.status !== 200) continue;
    const headers = new Headers(response.headers);
    headers.set(HASH_HEADER, hash);
    headers.delete('content-encoding');
    await cache.put(path, new Response(await response.blob(), { headers }));
    blobs.delete(path);
  }
}
