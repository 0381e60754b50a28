import type { RefusalCounts } from '@temoin/shared/errors';
import type { BatchAck } from '@temoin/shared/telemetry';
import type { Metrics } from '../../http/metrics.ts';
import type { BatchForm } from '../../stores/log/batch-log.ts';

export interface IngestMetrics {
  acknowledged(form: BatchForm, ack: BatchAck, readings: number): void;
  appended(seconds: number): void;
}

/** Counters of the door. Labels are codes and forms, never names that a box chose. */
export function createIngestMetrics(metrics: Metrics): IngestMetrics {
  const batches = metrics.counter('temoin_ingest_batches_total', 'Batches answered, by outcome', ['form', 'outcome']);
  const refusedBatches = metrics.counter('temoin_ingest_batches_refused_total', 'Batches refused, by code', ['code']);
  const readingsStored = metrics.counter('temoin_ingest_readings_total', 'Readings that count, in stored batches', [
    'form',
  ]);
  const partsRefused = metrics.counter(
    'temoin_ingest_refusals_total',
    'Readings, values and facts refused inside stored batches, by code',
    ['code'],
  );
  const append = metrics.histogram(
    'temoin_ingest_append_seconds',
    'Time from the checked upload to the durable log',
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
  );
  const countRefusals = (refusals: RefusalCounts) => {
    for (const [code, times] of Object.entries(refusals)) partsRefused.inc({ code }, times);
  };
  return {
    acknowledged(form, ack, readings) {
      batches.inc({ form, outcome: ack.outcome });
      if (ack.code) refusedBatches.inc({ code: ack.code });
      if (readings > 0) readingsStored.inc({ form }, readings);
      if (ack.refusals) countRefusals(ack.refusals);
    },
    appended: (seconds) => append.observe(seconds),
  };
}
