import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { compressFiles } from './finish-build/compress-files.ts';
import { firstLoadBytes } from './finish-build/first-load.ts';
import { hashOf, inlineScriptHashes } from './finish-build/hashes.ts';

// What `next build` leaves to do: base map files into place, hashes of inline scripts for the content security policy, the
// service worker with the list of files it keeps, compressed twins, and the budget of the first load.

const web = fileURLToPath(new URL('..', import.meta.url));
const out = join(web, 'out');
const mapData = join(web, '../../packages/map-data/dist');
/** Compressed script that the home page needs before it can be used; the build fails above it. */
const FIRST_LOAD_BUDGET = 250_000;

async function main(): Promise<void> {
  if (!existsSync(join(out, 'index.html'))) throw new Error('apps/web/out is missing: run `next build` first');
  const basemap = await placeBasemap();
  await writeFile(join(out, 'csp-hashes.json'), JSON.stringify(await cspHashes(), undefined, 1));
  const { files, pages } = await appFiles();
  const version = hashOf(
    JSON.stringify(
      await Promise.all(
        [...files, ...pages.map(fileOfPage)].map(async (path) => [path, hashOf(await readFile(join(out, path)))]),
      ),
    ),
  );
  await build({
    entryPoints: [join(web, 'src/service-worker/sw.ts')],
    outfile: join(out, 'sw.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    alias: { '@': join(web, 'src') },
    define: {
      TEMOIN_VERSION: JSON.stringify(version.slice(0, 16)),
      TEMOIN_FILES: JSON.stringify(files),
      TEMOIN_PAGES: JSON.stringify(pages),
      TEMOIN_BASEMAP: JSON.stringify(basemap),
    },
    logLevel: 'error',
  });
  await compressFiles(out);
  const bytes = await firstLoadBytes(out, 'index.html');
  console.log(
    `web: ${files.length + pages.length} files kept by the service worker, version ${version.slice(0, 8)}; first load ${(bytes / 1000).toFixed(1)} kB of compressed script (budget ${FIRST_LOAD_BUDGET / 1000} kB)`,
  );
  if (bytes > FIRST_LOAD_BUDGET)
    throw new Error(`The first load is over its budget by ${((bytes - FIRST_LOAD_BUDGET) / 1000).toFixed(1)} kB`);
}

async function placeBasemap(): Promise<{ path: string; hash: string }[]> {
  const folder = join(out, 'basemap');
  await rm(folder, { recursive: true, force: true });
  if (!existsSync(mapData)) {
    console.warn('web: packages/map-data/dist is missing, so there is no base map; build it first');
    return [];
  }
  await mkdir(folder, { recursive: true });
  const names = (await readdir(mapData)).filter((name) => name.endsWith('.pmtiles')).sort();
  return Promise.all(
    names.map(async (name) => {
      await copyFile(join(mapData, name), join(folder, name));
      return { path: `/basemap/${name}`, hash: hashOf(await readFile(join(folder, name))).slice(0, 16) };
    }),
  );
}

const pathsIn = async (): Promise<string[]> =>
  (await readdir(out, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(out.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();

async function cspHashes(): Promise<Record<string, string[]>> {
  const pages = (await pathsIn()).filter((path) => path.endsWith('.html'));
  return Object.fromEntries(
    await Promise.all(
      pages.map(async (page) => [page, inlineScriptHashes(await readFile(join(out, page), 'utf8'))] as const),
    ),
  );
}

const fileOfPage = (page: string) => (page === '/' ? 'index.html' : `${page.slice(1)}.html`);

/** Everything that the app needs to start and move between its pages without a network. */
async function appFiles(): Promise<{ files: string[]; pages: string[] }> {
  const paths = (await pathsIn()).filter((path) => !/\.(map|br|gz)$/.test(path) && !path.startsWith('basemap/'));
  const isOwn = (path: string) =>
    !['sw.js', 'csp-hashes.json'].includes(path) && !path.includes('_not-found') && !path.startsWith('404');
  const pages = paths
    .filter((path) => path.endsWith('.html') && isOwn(path))
    .map((path) => (path === 'index.html' ? '/' : `/${path.replace(/\.html$/, '')}`));
  const files = paths.filter((path) => !path.endsWith('.html') && isOwn(path)).map((path) => `/${path}`);
  return { files, pages };
}

await main();
