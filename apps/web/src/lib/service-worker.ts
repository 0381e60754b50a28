// Registers the service worker and says when a new version of the app waits. The page reloads once the new one has taken
// over, which it only does on request.

// biome-ignore lint/style/noProcessEnv: the bundler replaces it by a constant; in development there is no worker to serve old files
const isProduction = (): boolean => process.env.NODE_ENV === 'production';
/** A page that stays open for days should hear of new versions too. */
const LOOK_EVERY_MS = 30 * 60_000;
const SETTLED_AFTER_MS = 15_000;

/** Starts the service worker; `onWaiting` gets a new version that is ready. Returns the way to stop looking. */
export function registerServiceWorker(onWaiting: (worker: ServiceWorker) => void): () => void {
  if (!('serviceWorker' in navigator) || !isProduction()) return () => undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let hadController = navigator.serviceWorker.controller !== null;
  const onTakenOver = () => {
    // The very first worker takes over a page that it did not serve: no reason to reload.
    if (hadController) location.reload();
    hadController = true;
  };
  navigator.serviceWorker.addEventListener('controllerchange', onTakenOver);
  void navigator.serviceWorker
    .register('/sw.js', { scope: '/', updateViaCache: 'none' })
    .then((registration) => {
      if (registration.waiting && registration.active) onWaiting(registration.waiting);
      registration.addEventListener('updatefound', () => {
        const worker = registration.installing;
        worker?.addEventListener('statechange', () => {
          if (worker.state === 'installed' && navigator.serviceWorker.controller) onWaiting(worker);
        });
      });
      whenSettled(() => registration.active?.postMessage('keep-basemap'));
      timer = setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY_MS);
    })
    .catch(() => undefined);
  return () => {
    clearInterval(timer);
    navigator.serviceWorker.removeEventListener('controllerchange', onTakenOver);
  };
}

/** The base map is some megabytes: it is fetched when the page has nothing better to do, and not for those who save data. */
function whenSettled(work: () => void): void {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (connection?.saveData) return;
  setTimeout(() => ('requestIdleCallback' in window ? requestIdleCallback(work) : work()), SETTLED_AFTER_MS);
}
