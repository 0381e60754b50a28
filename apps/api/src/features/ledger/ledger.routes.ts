import { LedgerReply } from '@temoin/shared/ledger';
import { Fact } from '@temoin/shared/telemetry';
import * as z from 'zod';
import type { Access } from '../../access/identify.ts';
import { AppError } from '../../http/app-error.ts';
import type { App } from '../../http/build-app.ts';
import { PERSON_OR_OPERATOR } from '../../http/openapi.ts';
import { readVehicleFacts } from '../../projections/facts-projection.ts';
import type { BatchLog } from '../../stores/log/batch-log.ts';
import type { Pool } from '../../stores/postgres/pool.ts';
import { readLedger } from './ledger.service.ts';

export interface LedgerDeps {
  readonly pool: Pool;
  readonly log: BatchLog;
  readonly access: Access;
  /** Resolves when the facts of the log up to `position` can be read; rejects when `signal` aborts. */
  readonly factsReached: (position: bigint, signal: AbortSignal) => Promise<void>;
}

const LONGEST_RANGE_MS = 62 * 24 * 3600_000;
const FACTS_AT_ONCE = 500;
/** How long an answer waits for facts that are in the log but not yet in the table. */
const WAIT_FOR_FACTS_MS = 2_000;

const Vehicle = z.object({ id: z.string().max(64) });
const Range = z.object({ from: z.coerce.number().int().min(0), to: z.coerce.number().int().min(0) });
const FactsReply = z
  .object({
    facts: z.array(z.object({ vehicleId: z.string(), cursor: z.string(), fact: Fact })),
    cursor: z.string().meta({ description: 'Ask with this next time' }),
    more: z.boolean(),
  })
  .meta({ id: 'VehicleFacts' });

/** Completeness of a vehicle's data, and its facts from a cursor on. */
export function registerLedger(app: App, deps: LedgerDeps): void {
  const { pool, log, access } = deps;

  app.get(
    '/v1/vehicles/:id/ledger',
    {
      schema: {
        tags: ['vehicles'],
        security: PERSON_OR_OPERATOR,
        params: Vehicle,
        querystring: Range,
        response: { 200: LedgerReply },
      },
    },
    async (request) => {
      const actor = await access.personOrOperator(request);
      const { id } = await access.vehicles.get(actor, 'vehicle.ledger', request.params.id);
      const { from, to } = request.query;
      if (to <= from) throw new AppError('bad_request', 'the range is empty', { field: 'to' });
      if (to - from > LONGEST_RANGE_MS) throw new AppError('bad_request', 'at most 62 days at once', { field: 'to' });
      return readLedger({ pool, log }, { vehicleId: id, from, to });
    },
  );

  app.get(
    '/v1/vehicles/:id/facts',
    {
      schema: {
        tags: ['vehicles'],
        security: PERSON_OR_OPERATOR,
        summary: 'What happened, after a cursor; a page asks from its last one after every reconnect',
        params: Vehicle,
        querystring: z.object({
          after: z
            .string()
            .regex(/^\d{1,18}$/)
            .default('0'),
        }),
        response: { 200: FactsReply },
      },
    },
    async (request) => {
      const actor = await access.personOrOperator(request);
      const { id } = await access.vehicles.get(actor, 'vehicle.live', request.params.id);
      const after = BigInt(request.query.after);
      // What was stored before this question is in the answer, also when the table is a moment behind the log.
      const head = await log.head();
      await deps.factsReached(head, AbortSignal.timeout(WAIT_FOR_FACTS_MS)).catch(() => undefined);
      const facts = await readVehicleFacts(pool, id, after, FACTS_AT_ONCE);
      const more = facts.length >= FACTS_AT_ONCE;
      return { facts, cursor: facts.at(-1)?.cursor ?? request.query.after, more };
    },
  );
}
