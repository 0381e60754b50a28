import { createHash, randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BlobStore } from './blob-store.ts';

export interface OpenedBlobStore {
  readonly store: BlobStore;
  reopen(): Promise<BlobStore>;
  end(): Promise<void>;
}

const nameOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const read = async (opened: { stream: Readable }) => buffer(opened.stream);

/** One body for every blob store. */
export function blobStoreContract(open: () => Promise<OpenedBlobStore>): void {
  let opened: OpenedBlobStore;
  let store: BlobStore;
  beforeAll(async () => {
    opened = await open();
    store = opened.store;
  });
  afterAll(() => opened?.end());

  it.each([0, 1, 100_000, 9_000_000])(
    'gives %i bytes back as they were, with their type, also after a restart',
    async (size) => {
      const bytes = randomBytes(size);
      await store.put(nameOf(bytes), bytes, 'image/jpeg');
      store = await opened.reopen();
      const blob = await store.open(nameOf(bytes));
      expect([blob.bytes, blob.contentType]).toEqual([size, 'image/jpeg']);
      expect((await read(blob)).equals(bytes)).toBe(true);
    },
  );

  it('takes a part of a bigger buffer', async () => {
    const part = randomBytes(1000).subarray(100, 200);
    await store.put(nameOf(part), part, 'image/png');
    expect((await read(await store.open(nameOf(part)))).equals(part)).toBe(true);
  });

  it('refuses bytes that are not what their name says, and stores nothing', async () => {
    const name = nameOf(randomBytes(10));
    await expect(store.put(name, randomBytes(10), 'image/jpeg')).rejects.toMatchObject({ code: 'photo_invalid' });
    expect(await store.has(name)).toBe(false);
  });

  it.each(['', '..', '../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(63)}/`, 'a'.repeat(65), `${'a'.repeat(64)}\n`])(
    'refuses the name %j',
    async (name) => {
      const refusal = { code: 'bad_request' };
      await expect(store.put(name, new Uint8Array(), 'image/jpeg')).rejects.toMatchObject(refusal);
      await expect(store.open(name)).rejects.toMatchObject(refusal);
      await expect(store.has(name)).rejects.toMatchObject(refusal);
      await expect(store.remove([name])).rejects.toMatchObject(refusal);
    },
  );

  it('says that a blob is not there', async () => {
    const name = nameOf(randomBytes(5));
    expect(await store.has(name)).toBe(false);
    await expect(store.open(name)).rejects.toMatchObject({ code: 'not_found' });
    await store.remove([name]);
  });

  it('changes nothing when the same comes again, also at the same time', async () => {
    const bytes = randomBytes(50_000);
    await Promise.all(Array.from({ length: 6 }, () => store.put(nameOf(bytes), bytes, 'image/jpeg')));
    await store.put(nameOf(bytes), bytes, 'image/webp');
    const blob = await store.open(nameOf(bytes));
    expect(blob.contentType).toBe('image/jpeg');
    expect((await read(blob)).equals(bytes)).toBe(true);
  });

  it('removes what it is told to, and no more', async () => {
    const blobs = Array.from({ length: 5 }, () => randomBytes(100));
    for (const bytes of blobs) await store.put(nameOf(bytes), bytes, 'image/jpeg');
    await store.remove(blobs.slice(0, 4).map(nameOf));
    expect(await Promise.all(blobs.map((bytes) => store.has(nameOf(bytes))))).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
    await store.put(nameOf(blobs[0]!), blobs[0]!, 'image/jpeg');
    expect(await store.has(nameOf(blobs[0]!))).toBe(true);
  });
}
