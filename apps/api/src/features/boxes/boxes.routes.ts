import { EnrolmentCode, EnrolReply, EnrolRequest } from '@temoin/shared/boxes';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import * as z from 'zod';
import { authorize, scopeOf } from '../../access/authorize.ts';
import type { Access } from '../../access/identify.ts';
import type { Config } from '../../config/config.ts';
import { AppError } from '../../http/app-error.ts';
import { type App, addressKey } from '../../http/build-app.ts';
import { PERSON_OR_OPERATOR } from '../../http/openapi.ts';
import type { Pool } from '../../stores/postgres/pool.ts';
import { type BoxRow, findBox, listBoxes, revokeBox } from './boxes.repository.ts';
import { createEnrolmentCode, enrolBox } from './enrolment.ts';

export interface BoxesDeps {
  readonly pool: Pool;
  readonly access: Access;
  readonly config: Pick<Config, 'http'>;
  readonly now?: () => number;
}

export const Box = z
  .object({
    id: z.string(),
    serial: z.string(),
    agentVersion: z.string(),
    enrolledAt: z.number().int(),
    revokedAt: z.number().int().optional(),
    /** Speaks the old upload format with a key in words. */
    legacy: z.boolean(),
    vehicle: z.object({ id: z.string(), label: z.string(), vin: z.string() }).optional(),
  })
  .meta({ id: 'Box' });
export const BoxList = z.object({ boxes: z.array(Box), cursor: z.string() }).meta({ id: 'BoxList' });

const BoxesQuery = z.object({
  limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
  cursor: z.uuid().optional(),
});
/** Wrong codes of one address in a minute. A code has 60 random bits; this keeps the noise down. */
const WRONG_CODES_PER_MINUTE = 10;

/** Codes, enrolment, and the list of boxes. */
export function registerBoxes(app: App, { pool, access, config, now = Date.now }: BoxesDeps): void {
  const tags = ['boxes'];
  const security = PERSON_OR_OPERATOR;
  const wrongCodes = new RateLimiterMemory({ points: WRONG_CODES_PER_MINUTE, duration: 60 });

  app.post(
    '/v1/boxes/codes',
    { schema: { tags, security, body: z.object({ vehicleId: z.string().max(64) }), response: { 200: EnrolmentCode } } },
    async (request) => {
      const actor = await access.personOrOperator(request);
      const vehicle = await access.vehicles.get(actor, 'box.enrol', request.body.vehicleId);
      return createEnrolmentCode(pool, vehicle.id, actor.kind === 'person' ? actor.personId : undefined, now());
    },
  );

  app.post(
    '/v1/boxes/enrol',
    { schema: { tags, body: EnrolRequest, response: { 200: EnrolReply } } },
    async (request) => {
      const address = addressKey(request.ip);
      const tried = await wrongCodes.get(address);
      if (tried && tried.consumedPoints >= WRONG_CODES_PER_MINUTE) {
        throw new AppError('too_many_requests', 'Too many wrong codes', {
          retryAfterS: Math.ceil(tried.msBeforeNext / 1000),
        });
      }
      try {
        const { boxId, vehicleLabel } = await enrolBox(pool, request.body);
        return { boxId, vehicleLabel, sites: [...config.http.publicOrigins] };
      } catch (error) {
        if (error instanceof AppError && error.code === 'enrolment_code_invalid') await wrongCodes.penalty(address, 1);
        throw error;
      }
    },
  );

  app.get(
    '/v1/boxes',
    { schema: { tags, security, querystring: BoxesQuery, response: { 200: BoxList } } },
    async (request) => {
      const scope = scopeOf(await access.personOrOperator(request), 'box.list');
      const { limit, cursor } = request.query;
      const rows = await listBoxes(pool, scope, cursor, limit);
      return { boxes: rows.map(show), cursor: rows.length === limit ? rows.at(-1)!.id : '' };
    },
  );

  app.delete(
    '/v1/boxes/:id',
    { schema: { tags, security, params: z.object({ id: z.uuid() }), response: { 204: z.null() } } },
    async (request, reply) => {
      const actor = await access.personOrOperator(request);
      const box = await findBox(pool, request.params.id);
      authorize(actor, 'box.revoke', box ?? null);
      await revokeBox(pool, request.params.id, actor.kind === 'person' ? actor.personId : 'operator');
      // The database tells all processes; this one need not wait to be told.
      access.rights.emit({ kind: 'box', id: request.params.id });
      return reply.status(204).send(null);
    },
  );
}

function show({ organisationId: _hidden, revokedAt, vehicle, ...box }: BoxRow): z.infer<typeof Box> {
  return { ...box, ...(revokedAt !== undefined && { revokedAt }), ...(vehicle && { vehicle }) };
}
