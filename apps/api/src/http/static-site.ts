import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { hidden } from '../access/authorize.ts';
import type { Config } from '../config/config.ts';
import type { App } from './build-app.ts';
import { contentSecurityPolicy, inlineScriptHashes, policyText } from './content-security-policy.ts';
import { replyWithError } from './error-reply.ts';

// The web app is a folder of files. Addresses have no `.html`; files whose name carries their hash may be kept for ever, pages
// and the service worker must be asked for anew each time; base maps are read by Range.

/** Built beside us, in development (src/http) and in production (dist) alike. */
const USUAL_FOLDERS = ['../../../web/out', '../../web/out'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

export async function registerStaticSite(app: App, config: Pick<Config, 'webFolder' | 'tiles'>): Promise<void> {
  const folder = config.webFolder ?? USUAL_FOLDERS.find((path) => existsSync(join(path, 'index.html')));
  const built = folder !== undefined && existsSync(join(folder, 'index.html'));
  const policies = built ? policiesOf(folder, config) : new Map<string, string>();

  if (built) {
    await app.register(fastifyStatic, {
      root: folder,
      index: 'index.html',
      redirect: false,
      dotfiles: 'ignore',
      preCompressed: true,
      cacheControl: false,
      setHeaders(reply, path) {
        const name = relative(folder, path)
          .split(sep)
          .join('/')
          .replace(/\.(br|gz)$/, '');
        reply.header('cache-control', cachingOf(name));
        const policy = policies.get(name);
        if (policy) reply.header('content-security-policy', policy);
        // As `octet-stream` it would be compressed on the way, and a part of a file must come as it is.
        if (name.endsWith('.pmtiles')) reply.header('content-type', 'application/vnd.pmtiles');
        if (name === 'sw.js') reply.header('service-worker-allowed', '/');
      },
    });
    for (const page of policies.keys()) {
      // The home page too: the plugin's own index does not look for the compressed copy that every browser asks for.
      const address = page === 'index.html' ? '/' : `/${page.replace(/\.html$/, '')}`;
      if (page === '404.html') continue;
      app.get(address, { schema: { hide: true } }, (_request, reply) => reply.sendFile(page));
    }
  } else {
    app.get('/', { schema: { hide: true } }, (_request, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .send(
          '<!doctype html><title>Temoin</title><p>The web app is not built yet: <code>npm run build</code>. The API runs.',
        ),
    );
  }

  app.setNotFoundHandler((request, reply) => {
    const forPeople = request.method === 'GET' && String(request.headers.accept ?? '').includes('text/html');
    if (built && forPeople && !/^\/(v1|api)\//.test(request.url) && policies.has('404.html')) {
      return reply.status(404).sendFile('404.html');
    }
    return replyWithError(request, reply, hidden());
  });
}

/** The policy of each page, by its file name, with the hashes of that page's inline scripts. */
function policiesOf(folder: string, config: Pick<Config, 'tiles'>): Map<string, string> {
  const listed = join(folder, 'csp-hashes.json');
  const known = existsSync(listed) ? (JSON.parse(readFileSync(listed, 'utf8')) as Record<string, string[]>) : {};
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.html'));
  return new Map(
    pages.map((page) => {
      const hashes = known[page] ?? inlineScriptHashes(readFileSync(join(folder, page), 'utf8'));
      return [page, policyText(contentSecurityPolicy(config, hashes))];
    }),
  );
}

function cachingOf(name: string): string {
  if (name.startsWith('_next/static/')) return 'public, max-age=31536000, immutable';
  if (name.endsWith('.pmtiles')) return 'public, max-age=86400';
  if (/\.(html|txt|webmanifest|json)$/.test(name) || /(^|\/)sw[^/]*\.js$/.test(name)) return 'no-cache';
  return 'public, max-age=3600';
}
