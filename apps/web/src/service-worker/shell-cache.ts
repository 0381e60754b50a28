// The app itself: pages, scripts, styles, fonts. Kept as one set under one version, so that a page and its scripts always
// belong together; a new set waits beside the old one until the person takes it.

const PREFIX = 'temoin-shell-';

export interface Shell {
  install(): Promise<void>;
  /** Removes the sets of other versions. */
  removeOthers(): Promise<void>;
  /** The kept file for a path, if it is part of the app. */
  find(path: string): Promise<Response | undefined>;
  isPage(path: string): boolean;
}

export function createShell(version: string, files: readonly string[], pages: readonly string[]): Shell {
  const name = PREFIX + version;
  const known = new Set(pages);
  const isHashed = (path: string) => path.startsWith('/_next/static/');
  return {
    async install() {
      const cache = await caches.open(name);
      const fetchInto = async (path: string) => {
        // What carries its hash in its name may come from the version before.
        const before = isHashed(path) ? await caches.match(path) : undefined;
        const response = before ?? (await fetch(path, { cache: isHashed(path) ? 'default' : 'reload' }));
        if (!response.ok) throw new Error(`${path}: ${response.status}`);
        await cache.put(path, response.redirected ? await withoutRedirect(response) : response);
      };
      await Promise.all([...files, ...pages].map(fetchInto));
    },
    async removeOthers() {
      const names = await caches.keys();
      await Promise.all(
        names.filter((other) => other.startsWith(PREFIX) && other !== name).map((other) => caches.delete(other)),
      );
    },
    find: async (path) => (await caches.open(name)).match(path, { ignoreSearch: true, ignoreVary: true }),
    isPage: (path) => known.has(path),
  };
}

/** A navigation may not be answered by a response that was redirected on its way here. */
async function withoutRedirect(response: Response): Promise<Response> {
  return new Response(await response.blob(), { status: response.status, headers: response.headers });
}
