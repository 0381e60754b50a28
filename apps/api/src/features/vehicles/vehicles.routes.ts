import {
  listedOnly,
  stateOf,
  VEHICLE_STATES,
  VehicleDetail,
  VehicleList,
  type VehicleNow,
} from '@temoin/shared/vehicles';
import * as z from 'zod';
import type { Actor } from '../../access/actor.ts';
import { hasPermission, hidden, scopeOf } from '../../access/authorize.ts';
import type { Access } from '../../access/identify.ts';
import { AppError } from '../../http/app-error.ts';
import type { App } from '../../http/build-app.ts';
import { PERSON_OR_OPERATOR } from '../../http/openapi.ts';
import type { Pool } from '../../stores/postgres/pool.ts';
import { listVehicles, readVehicle, type VehicleRow } from './vehicles.repository.ts';

/** What boxes say of a vehicle now. */
export type VehicleMotion = Omit<VehicleNow, 'id' | 'vin' | 'label' | 'model' | 'driver'>;

export interface VehiclesDeps {
  readonly pool: Pool;
  readonly access: Access;
  /** By vehicle id; absent when never heard of. */
  readonly readVehicleStates: (vehicleIds: readonly string[]) => Promise<ReadonlyMap<string, VehicleMotion>>;
  readonly now?: () => number;
}

const PAGE = 5_000;
const ListQuery = z.object({
  q: z
    .string()
    .trim()
    .max(100)
    .optional()
    .meta({ description: 'Words, all of which must occur: plate, VIN, model, client, contract, driver' }),
  state: z.enum(VEHICLE_STATES as [string, ...string[]]).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE).default(PAGE),
  cursor: z
    .string()
    .max(400)
    .optional()
    .meta({ description: 'From the page before; empty there means that it was the last' }),
});

/** The list of vehicles and one of them: as much as the asker's role may see. */
export function registerVehicles(app: App, { pool, access, readVehicleStates, now = Date.now }: VehiclesDeps): void {
  const schema = { tags: ['vehicles'], security: PERSON_OR_OPERATOR };

  app.get(
    '/v1/vehicles',
    { schema: { ...schema, querystring: ListQuery, response: { 200: VehicleList } } },
    async (request) => {
      const actor = await access.personOrOperator(request);
      const scope = scopeOf(actor, 'vehicle.list');
      const { q = '', state, limit, cursor } = request.query;
      const serverTime = now();
      const vehicles: VehicleNow[] = [];
      let after = readCursor(cursor);
      // A state is known only once the moving parts are read, so pages are read until enough vehicles are in that state.
      for (;;) {
        const filter = {
          scope,
          words: q.split(/\s+/).filter(Boolean),
          withDriver: hasPermission(actor, 'vehicle.live'),
        };
        const rows = await listVehicles(pool, { ...filter, after, limit: state ? PAGE : limit });
        const motions = await readVehicleStates(rows.map((row) => row.id));
        for (const row of rows) {
          after = { label: row.label, id: row.id };
          const full = { ...constantParts(row), ...motions.get(row.id) };
          if (state && stateOf(full, serverTime) !== state) continue;
          // The map and the list need no single values; the vehicle's own page asks for them.
          const { latest: _latest, ...listed } = asSeenBy(actor, full);
          vehicles.push(listed);
          if (vehicles.length === limit) return { vehicles, serverTime, cursor: writeCursor(after) };
        }
        if (rows.length < PAGE) return { vehicles, serverTime, cursor: '' };
      }
    },
  );

  app.get(
    '/v1/vehicles/:id',
    { schema: { ...schema, params: z.object({ id: z.string().max(64) }), response: { 200: VehicleDetail } } },
    async (request) => {
      const actor = await access.personOrOperator(request);
      const { id } = await access.vehicles.get(actor, 'vehicle.list', request.params.id);
      const [row, motions] = await Promise.all([readVehicle(pool, id), readVehicleStates([id])]);
      if (!row) throw hidden();
      const seen = asSeenBy(actor, { ...constantParts(row), ...motions.get(id) });
      const { plate, make, year, fuel, client, contract, box } = row;
      return {
        ...seen,
        ...{ plate, make, serverTime: now() },
        ...(year !== undefined && { year }),
        ...(fuel !== undefined && { fuel }),
        ...(client && { client }),
        ...(contract && { contract }),
        ...(box && { box }),
      };
    },
  );
}

const asSeenBy = (actor: Actor, vehicle: VehicleNow): VehicleNow =>
  hasPermission(actor, 'vehicle.live') ? vehicle : listedOnly(vehicle);

function constantParts(row: VehicleRow): VehicleNow {
  return {
    ...{ id: row.id, vin: row.vin, label: row.label },
    model: `${row.make} ${row.model}`.trim(),
    ...(row.driver !== undefined && { driver: row.driver }),
  };
}

const Cursor = z.tuple([z.string(), z.uuid()]);
const writeCursor = ({ label, id }: { label: string; id: string }): string =>
  Buffer.from(JSON.stringify([label, id])).toString('base64url');

function readCursor(text: string | undefined): { label: string; id: string } | undefined {
  if (!text) return undefined;
  try {
    const [label, id] = Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return { label, id };
  } catch (cause) {
    throw new AppError('bad_request', 'This is no cursor of ours', { field: 'cursor', cause });
  }
}
