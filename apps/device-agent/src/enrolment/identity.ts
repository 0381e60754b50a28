import { join } from 'node:path';
import * as z from 'zod';
import { type Disk, nodeDisk, readSmallFile, replaceFile } from '../outbox/disk.ts';

/** Who this box is to the service; kept in `identity.json` from enrolment on. */
export const Identity = z.object({
  boxId: z.string(),
  vehicleLabel: z.string(),
  sites: z.array(z.string()),
  enrolledAt: z.number().int(),
});
export type Identity = z.infer<typeof Identity>;

const pathIn = (folder: string): string => join(folder, 'identity.json');

/** Undefined for a box that was never enrolled. Throws when the file is damaged. */
export async function findIdentity(folder: string, disk: Disk = nodeDisk): Promise<Identity | undefined> {
  const bytes = await readSmallFile(disk, pathIn(folder));
  if (!bytes) return undefined;
  try {
    return Identity.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    throw new Error(`${pathIn(folder)} is damaged. Remove it and enrol this box again with a new code.`);
  }
}

export async function saveIdentity(folder: string, identity: Identity, disk: Disk = nodeDisk): Promise<void> {
  await disk.makeFolder(folder);
  await replaceFile(disk, pathIn(folder), Buffer.from(`${JSON.stringify(identity, undefined, 2)}\n`));
}
