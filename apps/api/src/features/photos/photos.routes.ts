import * as z from 'zod';
import { hidden } from '../../access/authorize.ts';
import type { Access } from '../../access/identify.ts';
import type { App } from '../../http/build-app.ts';
import { PERSON_OR_OPERATOR } from '../../http/openapi.ts';
import type { BlobStore } from '../../stores/blobs/blob-store.ts';
import type { Pool } from '../../stores/postgres/pool.ts';
import { headOf, imageTypeOf } from './sniff-image.ts';

export interface PhotosDeps {
  readonly pool: Pool;
  readonly blobs: BlobStore;
  readonly access: Access;
}

/** A photo is announced by a fact and comes by another way: the newest few may not have come yet. */
const NEWEST = 10;

/** The newest photo of a vehicle. */
export function registerPhotos(app: App, { pool, blobs, access }: PhotosDeps): void {
  app.get(
    '/v1/vehicles/:id/photo/latest',
    {
      schema: {
        tags: ['vehicles'],
        security: PERSON_OR_OPERATOR,
        summary: 'The newest photo as an image; `last-modified` is when it was taken',
        produces: ['image/jpeg', 'image/png', 'image/webp'],
        params: z.object({ id: z.string().max(64) }),
      },
    },
    async (request, reply) => {
      const actor = await access.personOrOperator(request);
      const { id } = await access.vehicles.get(actor, 'vehicle.photo', request.params.id);
      const photo = await newestPhoto(pool, blobs, id);
      if (!photo) throw hidden();
      const tag = `"${photo.sha256}"`;
      reply
        // The person's own browser may keep it, but asks each time whether it is still the newest, and still theirs to see.
        .header('cache-control', 'private, no-cache')
        .header('vary', 'authorization')
        .header('etag', tag)
        .header('last-modified', new Date(photo.at).toUTCString())
        .header('x-content-type-options', 'nosniff')
        .header('content-security-policy', "default-src 'none'; sandbox");
      if (request.headers['if-none-match'] === tag) return reply.code(304).send();
      const { stream, bytes } = await blobs.open(photo.sha256);
      reply.raw.once('close', () => stream.destroy());
      const type = imageTypeOf(await headOf(stream));
      // What is no picture is never shown as one, nor as anything else that a browser would run.
      if (!type) reply.header('content-disposition', 'attachment; filename="photo.bin"');
      return reply
        .type(type ?? 'application/octet-stream')
        .header('content-length', bytes)
        .send(stream);
    },
  );
}

async function newestPhoto(
  pool: Pool,
  blobs: BlobStore,
  vehicleId: string,
): Promise<{ sha256: string; at: number } | undefined> {
  const { rows } = await pool.query<{ sha256: string; at: string }>(
    `SELECT fact->>'sha256' AS sha256, at_ms AS at FROM vehicle_facts
     WHERE vehicle_id = $1 AND kind = 'photo' ORDER BY at_ms DESC, position DESC LIMIT ${NEWEST}`,
    [vehicleId],
  );
  for (const { sha256, at } of rows) if (await blobs.has(sha256)) return { sha256, at: Number(at) };
  return undefined;
}
