// The few things of a service worker that we use. The compiler's own worker types would clash with those of pages.

export interface WaitingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
export interface AskedEvent extends WaitingEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
export interface ToldEvent extends WaitingEvent {
  readonly data: unknown;
}

interface WorkerScope {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: WaitingEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: AskedEvent) => void): void;
  addEventListener(type: 'message', listener: (event: ToldEvent) => void): void;
}

export const scope = self as unknown as WorkerScope;
