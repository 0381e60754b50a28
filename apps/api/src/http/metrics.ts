import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

// Figures for Prometheus. A registry per app, not the library's global one, so that tests can have many apps. Names begin
// with `temoin_`; labels have few values: a route's pattern, never an address or an id.

export interface Metrics {
  readonly registry: Registry;
  observeRequest(method: string, route: string, status: number, ms: number): void;
  /** A counter by name; the same object when asked again. */
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  gauge(
    name: string,
    help: string,
    labels?: readonly string[],
    collect?: (gauge: Gauge) => void | Promise<void>,
  ): Gauge;
  histogram(name: string, help: string, bucketsS: readonly number[], labels?: readonly string[]): Histogram;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'temoin_http_request_seconds',
    help: 'Time from request to answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  const once = <T>(name: string, make: () => T): T => (registry.getSingleMetric(name) as T | undefined) ?? make();
  return {
    registry,
    observeRequest: (method, route, status, ms) => requests.observe({ method, route, status }, ms / 1000),
    counter: (name, help, labels = []) =>
      once(name, () => new Counter({ name, help, labelNames: [...labels], registers: [registry] })),
    gauge: (name, help, labels = [], collect = undefined) =>
      once(name, () => {
        const gauge: Gauge = new Gauge({
          name,
          help,
          labelNames: [...labels],
          registers: [registry],
          ...(collect && { collect: () => collect(gauge) }),
        });
        return gauge;
      }),
    histogram: (name, help, bucketsS, labels = []) =>
      once(
        name,
        () => new Histogram({ name, help, labelNames: [...labels], buckets: [...bucketsS], registers: [registry] }),
      ),
  };
}
