import { answerWithCopy, isCopied } from './api-copies';
import { answerBasemap, type BasemapFile, keepBasemap } from './basemap-cache';
import { createShell } from './shell-cache';
import { scope } from './worker-scope';

// Lets Temoin start without a network. Put in by the build: the version, the files of the app, its pages, its tile files.

declare const TEMOIN_VERSION: string;
declare const TEMOIN_FILES: readonly string[];
declare const TEMOIN_PAGES: readonly string[];
declare const TEMOIN_BASEMAP: readonly BasemapFile[];

const shell = createShell(TEMOIN_VERSION, TEMOIN_FILES, TEMOIN_PAGES);

scope.addEventListener('install', (event) => event.waitUntil(shell.install()));
scope.addEventListener('activate', (event) => event.waitUntil(shell.removeOthers().then(() => scope.clients.claim())));
scope.addEventListener('message', (event) => {
  if (event.data === 'take-over') event.waitUntil(scope.skipWaiting());
  if (event.data === 'keep-basemap') event.waitUntil(keepBasemap(TEMOIN_BASEMAP));
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  // Other servers (raster tiles) and everything that changes something are none of our business.
  if (!['GET', 'HEAD'].includes(request.method) || url.origin !== scope.location.origin) return;
  const path = url.pathname;
  if (request.method === 'HEAD') {
    // Before it moves to a page, Next asks whether the page is there.
    if (shell.isPage(path))
      event.respondWith(
        shell.find(path).then((kept) => (kept ? new Response(null, { headers: kept.headers }) : fetch(request))),
      );
    return;
  }
  if (path.startsWith('/v1/')) {
    if (isCopied(path)) event.respondWith(answerWithCopy(request, path));
  } else if (TEMOIN_BASEMAP.some((file) => file.path === path)) event.respondWith(answerBasemap(request, path));
  else if (request.mode === 'navigate' ? shell.isPage(path) : isOfTheApp(path)) {
    event.respondWith(shell.find(path).then((kept) => kept ?? fetch(request)));
  }
});

const files = new Set(TEMOIN_FILES);
const isOfTheApp = (path: string) => files.has(path);
