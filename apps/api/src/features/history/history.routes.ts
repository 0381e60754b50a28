import { Readable } from 'node:stream';
import { SeriesQuery, SeriesReply, SpanReply, TrackReply } from '@temoin/shared/history';
import type { FastifyReply } from 'fastify';
import * as z from 'zod';
import type { Actor } from '../../access/actor.ts';
import type { Access } from '../../access/identify.ts';
import type { VehicleRef } from '../../access/vehicle-access.ts';
import { AppError } from '../../http/app-error.ts';
import type { App } from '../../http/build-app.ts';
import { PERSON_OR_OPERATOR } from '../../http/openapi.ts';
import type { Pool } from '../../stores/postgres/pool.ts';
import { EXPORT_CONTENT_TYPES, exportText } from '../../stores/series/export-text.ts';
import type { SeriesStore } from '../../stores/series/series-store.ts';
import { createQueryGate, until } from './query-gate.ts';
import { TRACK_METRICS, trackOf } from './track.ts';

export interface HistoryDeps {
  readonly series: SeriesStore;
  readonly access: Access;
  /** For the audit log: who took data away. */
  readonly pool: Pool;
  readonly limits?: Partial<HistoryLimits>;
}

export interface HistoryLimits {
  readonly queryWithinMs: number;
  readonly exportWithinMs: number;
  /** A reader of an export that takes nothing for so long is let go. */
  readonly exportStallMs: number;
}

const LIMITS: HistoryLimits = { queryWithinMs: 15_000, exportWithinMs: 30 * 60_000, exportStallMs: 60_000 };
const LONGEST_SPAN_MS = 400 * 24 * 3_600_000;

const Vehicle = z.object({ id: z.string().max(64) });
const Instant = z.coerce.number().int().min(0).max(8_640_000_000_000_000);
const Range = z.object({ from: Instant, to: Instant });
const ExportQuery = Range.extend({ format: z.enum(['csv', 'ndjson']).default('csv') });
const Series = SeriesQuery.extend({ from: Instant, to: Instant });

/** Charts, tracks, spans and exports of a vehicle's past. */
export function registerHistory(app: App, { series, access, pool, limits }: HistoryDeps): void {
  const { queryWithinMs, exportWithinMs, exportStallMs } = { ...LIMITS, ...limits };
  const questions = createQueryGate({ most: 3, waiting: 60, withinMs: queryWithinMs });
  const exports = createQueryGate({ most: 2, waiting: 8, withinMs: exportWithinMs });
  const schema = { tags: ['history'], security: PERSON_OR_OPERATOR, params: Vehicle };

  app.get(
    '/v1/vehicles/:id/series',
    {
      schema: {
        ...schema,
        summary: 'Charts of one to eight metrics; no lowest or highest reading is lost, holes stay holes',
        querystring: Series,
        response: { 200: SeriesReply },
      },
    },
    async (request, reply) => {
      const actor = await access.personOrOperator(request);
      const { id } = await access.vehicles.get(actor, 'vehicle.history', request.params.id);
      const { from, to, metrics, points } = request.query;
      checkRange(from, to);
      const wanted = [...new Set(metrics)];
      const range = { vehicleId: id, from, to };
      return { from, to, series: await questions.run(() => series.chart(range, wanted, points), leaving(reply)) };
    },
  );

  app.get(
    '/v1/vehicles/:id/track',
    {
      schema: {
        ...schema,
        summary: 'Where it went, in runs between holes; the distance is over all readings',
        querystring: Range,
        response: { 200: TrackReply },
      },
    },
    async (request, reply) => {
      const actor = await access.personOrOperator(request);
      const { id } = await access.vehicles.get(actor, 'vehicle.history', request.params.id);
      const { from, to } = request.query;
      checkRange(from, to);
      return questions.run(
        (signal) => trackOf(until(series.readings({ vehicleId: id, from, to }, TRACK_METRICS), signal), { from, to }),
        leaving(reply),
      );
    },
  );

  app.get(
    '/v1/vehicles/:id/span',
    { schema: { ...schema, summary: 'First and last instant with readings', response: { 200: SpanReply } } },
    async (request, reply) => {
      const actor = await access.personOrOperator(request);
      const { id } = await access.vehicles.get(actor, 'vehicle.history', request.params.id);
      return questions.run(() => series.span(id), leaving(reply));
    },
  );

  app.get(
    '/v1/vehicles/:id/export',
    {
      schema: {
        ...schema,
        summary: 'Every reading at full resolution with its own time, as a file',
        produces: Object.values(EXPORT_CONTENT_TYPES),
        querystring: ExportQuery,
      },
    },
    async (request, reply) => {
      const actor = await access.personOrOperator(request);
      const vehicle = await access.vehicles.get(actor, 'vehicle.export', request.params.id);
      const { from, to, format } = request.query;
      checkRange(from, to);
      await writeDown(pool, actor, vehicle, { from, to, format });
      const left = leaving(reply);
      const text = await startedStream(
        (send) =>
          exports.run(async (signal) => {
            await send(exportText(until(series.readings({ vehicleId: vehicle.id, from, to }), signal), format), signal);
          }, left),
        exportStallMs,
      );
      return reply
        .type(EXPORT_CONTENT_TYPES[format])
        .header('content-disposition', `attachment; filename="${fileName(vehicle.label, from, to, format)}"`)
        .header('x-content-type-options', 'nosniff')
        .send(text);
    },
  );
}

/** Before the first byte goes out: a copy that left the house without a trace is what an audit is for. */
async function writeDown(
  pool: Pool,
  actor: Actor,
  vehicle: VehicleRef,
  detail: z.infer<typeof ExportQuery>,
): Promise<void> {
  await pool.query(
    `INSERT INTO audit_log (organisation_id, actor_kind, actor_id, action, subject, detail)
     VALUES ($1, $2, $3, 'vehicle.exported', $4, $5)`,
    [
      vehicle.organisationId,
      actor.kind,
      actor.kind === 'person' ? actor.personId : null,
      vehicle.id,
      JSON.stringify(detail),
    ],
  );
}

function checkRange(from: number, to: number): void {
  if (to <= from) throw new AppError('bad_request', 'The span is empty: `to` must be after `from`', { field: 'to' });
  if (to - from > LONGEST_SPAN_MS) throw new AppError('bad_request', 'A span may be 400 days at most', { field: 'to' });
}

/** Aborts when the asker closes the connection before the answer is out. */
function leaving(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

type Send = (text: AsyncIterable<string>, signal: AbortSignal) => Promise<void>;

/**
 * A stream that holds its place at the gate until it is finished. Resolves once the first piece is there, so that a refusal
 * or a store that is away is still an answer with a status; later troubles break the connection off, so that a cut file
 * cannot be taken for a whole one.
 */
function startedStream(run: (send: Send) => Promise<void>, stallMs: number): Promise<Readable> {
  return new Promise((resolve, reject) => {
    run(async (text, signal) => {
      const pieces = text[Symbol.asyncIterator]();
      const first = await pieces.next();
      let pulled = 0;
      const stream = Readable.from(
        withFirst(first, pieces, () => (pulled += 1)),
        { objectMode: false, highWaterMark: 128 * 1024 },
      );
      await new Promise<void>((done) => {
        let seen = '';
        const stall = setInterval(() => {
          const now = `${pulled} ${stream.readableLength}`;
          // With nothing to take it is the store that is slow, not the reader.
          if (now === seen && stream.readableLength > 0) stream.destroy(new Error('the reader takes nothing'));
          seen = now;
        }, stallMs);
        const stop = () => stream.destroy(new Error('stopped'));
        signal.addEventListener('abort', stop, { once: true });
        stream.once('close', () => {
          clearInterval(stall);
          signal.removeEventListener('abort', stop);
          done();
        });
        resolve(stream);
      });
    }).catch(reject);
  });
}

async function* withFirst(
  first: IteratorResult<string>,
  rest: AsyncIterator<string>,
  onPull: () => void,
): AsyncGenerator<string> {
  try {
    for (let piece = first; !piece.done; piece = await rest.next()) {
      onPull();
      yield piece.value;
    }
  } finally {
    await rest.return?.();
  }
}

/** Only letters, digits, dots and dashes: safe in the header and on every disk. */
function fileName(label: string, from: number, to: number, format: string): string {
  const plain = label
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace(/[-:]/g, '');
  return `${plain || 'vehicle'}_${day(from)}_${day(to - 1)}.${format}`;
}
