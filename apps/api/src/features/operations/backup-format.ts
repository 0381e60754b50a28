import { createHash } from 'node:crypto';
import { AppError } from '../../http/app-error.ts';

// The backup file: a stream of records, gzipped as a whole. Each section says at its end how long it was and what its SHA-256
// is, and the manifest comes last: a file that was cut off anywhere has no manifest and is refused before anything is used.

const MAGIC = Buffer.from('temoin-backup 1\n');
const KINDS = { begin: 1, data: 2, end: 3, manifest: 4 } as const;
const MAX_RECORD_BYTES = 64 << 20;

export interface SectionEnd {
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface BackupManifest {
  readonly createdAt: string;
  readonly version: string;
  /** Migrations of the database that was backed up, in order: it is restored into one with the same. */
  readonly migrations: readonly { readonly name: string; readonly hash: string }[];
  /** Position of the last log entry contained. */
  readonly head: string;
  readonly sections: readonly SectionEnd[];
  /** Digest of each projection that had caught up with `head` and stood still meanwhile: to compare after a restore. */
  readonly digests: Readonly<Record<string, string>>;
  /** Names (SHA-256) of the photos that the facts mention; their bytes are in the blob store, not here. */
  readonly blobs: readonly string[];
}

export type BackupRecord =
  | { readonly kind: 'begin'; readonly name: string; readonly columns: readonly string[] }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | ({ readonly kind: 'end' } & SectionEnd)
  | { readonly kind: 'manifest'; readonly manifest: BackupManifest };

const record = (kind: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt8(kind, 0);
  head.writeUInt32LE(payload.length, 1);
  return Buffer.concat([head, payload]);
};
const json = (kind: number, value: unknown): Buffer => record(kind, Buffer.from(JSON.stringify(value)));

export const beginFile = (): Buffer => MAGIC;
export const endFile = (manifest: BackupManifest): Buffer => json(KINDS.manifest, manifest);

/** The records of one section; `rows` is asked once the data are through. Its return value describes the section. */
export async function* writeSection(
  name: string,
  columns: readonly string[],
  data: AsyncIterable<Buffer>,
  rows: () => number,
): AsyncGenerator<Buffer, SectionEnd> {
  yield json(KINDS.begin, { name, columns });
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of data) {
    hash.update(chunk);
    bytes += chunk.length;
    yield record(KINDS.data, chunk);
  }
  const end = { name, rows: rows(), bytes, sha256: hash.digest('hex') };
  yield json(KINDS.end, end);
  return end;
}

const damaged = (why: string) => new AppError('bad_request', `This is no whole backup of Temoin: ${why}`);

/** The records of a backup, section hashes checked on the way. Throws `bad_request` on anything that is not a whole backup. */
export async function* readBackup(input: AsyncIterable<Buffer>): AsyncGenerator<BackupRecord> {
  const chunks = input[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const take = async (count: number): Promise<Buffer> => {
    const parts: Buffer[] = [rest];
    let have = rest.length;
    while (have < count) {
      const { value, done } = await chunks.next();
      if (done) throw damaged('it ends too early');
      parts.push(value);
      have += value.length;
    }
    const all = parts.length === 1 ? rest : Buffer.concat(parts);
    rest = all.subarray(count);
    return all.subarray(0, count);
  };

  if (!(await take(MAGIC.length)).equals(MAGIC)) throw damaged('it begins differently');
  let hash = createHash('sha256');
  let bytes = 0;
  for (;;) {
    const head = await take(5);
    const length = head.readUInt32LE(1);
    if (length > MAX_RECORD_BYTES) throw damaged('a record is too long');
    const payload = await take(length);
    switch (head.readUInt8(0)) {
      case KINDS.begin:
        hash = createHash('sha256');
        bytes = 0;
        yield { kind: 'begin', ...JSON.parse(payload.toString()) };
        break;
      case KINDS.data:
        hash.update(payload);
        bytes += payload.length;
        yield { kind: 'data', bytes: payload };
        break;
      case KINDS.end: {
        const end = JSON.parse(payload.toString()) as SectionEnd;
        if (end.bytes !== bytes || end.sha256 !== hash.digest('hex')) throw damaged(`${end.name} was changed`);
        yield { kind: 'end', ...end };
        break;
      }
      case KINDS.manifest:
        // Reading on to the very end lets the decompressor compare its own check sum.
        if (rest.length > 0 || !(await chunks.next()).done) throw damaged('more follows its end');
        yield { kind: 'manifest', manifest: JSON.parse(payload.toString()) };
        return;
      default:
        throw damaged('a record of unknown kind');
    }
  }
}
