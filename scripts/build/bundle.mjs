import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Our own workspaces are TypeScript sources and go into the bundle; everything else stays in node_modules. */
const packagesStayOutside = {
  name: 'packages-stay-outside',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind === 'entry-point' || path.startsWith('@temoin/')) return undefined;
      return { path, external: true };
    });
  },
};

/**
 * Bundles the entry points of one app into `outDir`: one file each, ESM for Node 20, with source maps. An entry whose source
 * is not there is an error, not a silent gap.
 */
export async function bundle({ root, app, entries, define = {} }) {
  const { build } = await import('esbuild');
  const outDir = join(root, 'apps', app, 'dist');
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      Object.entries(entries).map(([name, source]) => [name, join(root, 'apps', app, source)]),
    ),
    outdir: outDir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    sourcesContent: false,
    plugins: [packagesStayOutside],
    define,
    logLevel: 'warning',
  });
  return outDir;
}

/** SQL migrations are read at run time from the folder beside the bundle. */
export async function copyMigrations(from, to) {
  await mkdir(to, { recursive: true });
  const names = (await readdir(from)).filter((name) => name.endsWith('.sql'));
  for (const name of names) await cp(join(from, name), join(to, name));
  return names.length;
}
