import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../../../../../testing/needs.ts';
import { type RunningS3, startSeaweedFs } from '../../../../../testing/servers/seaweedfs.ts';
import { blobStoreContract } from './blob-store.contract.ts';
import { openFolderBlobStore } from './folder-blob-store.ts';
import { openS3BlobStore } from './s3-blob-store.ts';

describe('folder blob store', () => {
  const root = mkdtempSync(join(tmpdir(), 'temoin-blobs-'));
  const open = () => openFolderBlobStore(join(root, 'blobs'));
  afterAll(() => rmSync(root, { recursive: true }));

  blobStoreContract(async () => ({ store: await open(), reopen: open, end: async () => {} }));

  it('forgets drafts that a crash left, and leaves none itself', async () => {
    writeFileSync(join(root, 'blobs', 'drafts', 'half'), 'half a photo');
    const store = await open();
    const bytes = randomBytes(100);
    await store.put(createHash('sha256').update(bytes).digest('hex'), bytes, 'image/jpeg');
    expect(readdirSync(join(root, 'blobs', 'drafts'))).toEqual([]);
  });

  it('says that its folder cannot be used', async () => {
    writeFileSync(join(root, 'a-file'), '');
    await expect(openFolderBlobStore(join(root, 'a-file'))).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});

describeWith(['seaweedfs'], 'S3 blob store on SeaweedFS', () => {
  let server: RunningS3;
  beforeAll(async () => {
    server = await startSeaweedFs();
  });
  afterAll(() => server?.stop());
  const open = () => openS3BlobStore({ ...server, bucket: 'photos' });

  blobStoreContract(async () => {
    let store = await open();
    return {
      store,
      reopen: async () => {
        await store.close();
        store = await open();
        return store;
      },
      end: () => store.close(),
    };
  });

  it('is not let in with a wrong secret', async () => {
    await expect(openS3BlobStore({ ...server, bucket: 'photos', secretKey: 'wrong' })).rejects.toMatchObject({
      code: 'store_unavailable',
    });
  });

  it('says that it is away, and is back afterwards', async () => {
    const store = await open();
    const bytes = randomBytes(100);
    const name = createHash('sha256').update(bytes).digest('hex');
    await store.put(name, bytes, 'image/jpeg');
    await server.kill();
    await expect(store.open(name)).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(
      store.put(createHash('sha256').update('x').digest('hex'), Buffer.from('x'), 'image/jpeg'),
    ).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    await server.restart();
    await expect.poll(() => store.has(name).catch(() => false), { timeout: 20_000 }).toBe(true);
    await store.close();
  });
});
