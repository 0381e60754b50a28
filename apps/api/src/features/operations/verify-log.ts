import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { CodecError, openBatch } from '@temoin/shared/codec';
import type { ErrorCode } from '@temoin/shared/errors';
import { JsonBatch, NO_PREVIOUS_HASH } from '@temoin/shared/telemetry';
import type { BatchLog, LogEntry } from '../../stores/log/batch-log.ts';
import { type ChainFollower, createChainFollower } from './chain-follower.ts';

// Reads the whole log and checks everything that can be checked without believing anybody: the hash of the stored bytes,
// the box's signature over them, that the bytes are of the batch they are filed as, and each box's chain. It changes nothing.

const verifyAsync = promisify(verify);
const PAGE = 512;
/** So many of a kind are listed; all are counted. */
const LISTED = 50;

export interface LogProblem {
  readonly position: string;
  readonly boxId: string;
  readonly boot: number;
  readonly seq: number;
  readonly code: ErrorCode;
  readonly detail: string;
}

export interface BoxChain {
  readonly boxId: string;
  readonly vehicle: string | undefined;
  readonly batches: number;
  readonly firstSeq: number | undefined;
  readonly lastSeq: number | undefined;
  readonly holes: readonly { readonly fromSeq: number; readonly toSeq: number }[];
  readonly missingBatches: number;
  readonly broken: readonly number[];
  readonly repeated: readonly number[];
}

export interface LogVerification {
  readonly entries: number;
  readonly sealed: number;
  /** Entries of forms that carry no signature (JSON, old format). */
  readonly unsealed: number;
  readonly head: string;
  readonly problems: readonly LogProblem[];
  readonly problemCount: number;
  readonly conflicts: number;
  readonly boxes: readonly BoxChain[];
}

export interface KnownBox {
  readonly vehicle: string | undefined;
  /** Ed25519 public key as in a JWK (base64url). */
  readonly publicKeyX: string | null;
}

export interface VerifyLogDeps {
  readonly log: BatchLog;
  readonly findBox: (boxId: string) => Promise<KnownBox | undefined>;
}

/** Checks every entry up to the present head. `progress` gets the number of entries checked, now and then. */
export async function verifyLog(
  { log, findBox }: VerifyLogDeps,
  progress?: (entries: number) => void,
): Promise<LogVerification> {
  const head = await log.head();
  const boxes = new Map<string, { known: KnownBox | undefined; key: KeyObject | undefined; chain: ChainFollower }>();
  const problems: LogProblem[] = [];
  let problemCount = 0;
  let entries = 0;
  let sealed = 0;

  const boxOf = async (boxId: string) => {
    const there = boxes.get(boxId);
    if (there) return there;
    const known = await findBox(boxId);
    const key = known?.publicKeyX
      ? createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: known.publicKeyX }, format: 'jwk' })
      : undefined;
    const box = { known, key, chain: createChainFollower() };
    boxes.set(boxId, box);
    return box;
  };
  const report = (entry: LogEntry, code: ErrorCode, detail: string) => {
    problemCount += 1;
    if (problems.length >= LISTED) return;
    const { boxId, boot, seq } = entry;
    problems.push({ position: entry.position.toString(), boxId, boot, seq, code, detail });
  };

  for (let position = 0n; position < head; ) {
    const page = await log.read(position, PAGE);
    if (page.length === 0) break;
    await Promise.all(
      page.map(async (entry) => {
        const box = await boxOf(entry.boxId);
        await checkEntry(entry, box.key, (code, detail) => report(entry, code, detail));
      }),
    );
    for (const entry of page) {
      if (entry.position > head) break;
      entries += 1;
      if (entry.form === 'binary') sealed += 1;
      boxes.get(entry.boxId)?.chain.add({ seq: entry.seq, hash: hex(entry.hash), previousHash: previousHashOf(entry) });
    }
    position = page.at(-1)?.position ?? head;
    progress?.(entries);
  }

  const chains = [...boxes].map(([boxId, { known, chain }]): BoxChain => {
    const { holes, broken, repeated, ...counts } = chain.report();
    return {
      boxId,
      vehicle: known?.vehicle,
      ...counts,
      holes: holes.slice(0, LISTED),
      missingBatches: holes.reduce((sum, hole) => sum + hole.toSeq - hole.fromSeq + 1, 0),
      broken: broken.slice(0, LISTED),
      repeated: repeated.slice(0, LISTED),
    };
  });
  return {
    entries,
    sealed,
    unsealed: entries - sealed,
    head: head.toString(),
    problems,
    problemCount,
    conflicts: (await log.conflicts(LISTED)).length,
    boxes: chains.toSorted((a, b) => (a.vehicle ?? a.boxId).localeCompare(b.vehicle ?? b.boxId)),
  };
}

type Report = (code: ErrorCode, detail: string) => void;

async function checkEntry(entry: LogEntry, key: KeyObject | undefined, report: Report): Promise<void> {
  const hash = createHash('sha256').update(entry.body).digest();
  if (Buffer.compare(hash, entry.hash) !== 0) {
    report('batch_corrupt', 'The stored bytes are not those that were acknowledged');
    return;
  }
  if (entry.form !== 'binary') return;
  try {
    const { header, signed, signature } = openBatch(entry.body);
    if (header.boxId !== entry.boxId || header.boot !== entry.boot || header.seq !== entry.seq) {
      report(
        'batch_foreign_box',
        `Filed under another name than its own (${header.boxId} ${header.boot}/${header.seq})`,
      );
      return;
    }
    if (!key) report('box_unknown', 'No public key is known for the box');
    else if (!(await verifyAsync(null, signed, key, signature))) report('signature_invalid', 'Not signed by the box');
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    report(error.code, error.message);
  }
}

/** What the entry says came before it; zeros where its form says nothing or its bytes cannot be read (reported elsewhere). */
function previousHashOf(entry: LogEntry): string {
  try {
    if (entry.form === 'binary') return openBatch(entry.body).header.previousHash;
    if (entry.form === 'json') {
      const batch = JsonBatch.pick({ previousHash: true }).safeParse(
        JSON.parse(Buffer.from(entry.body).toString('utf8')),
      );
      if (batch.success) return batch.data.previousHash;
    }
  } catch {
    // Named as a problem by checkEntry.
  }
  return NO_PREVIOUS_HASH;
}

const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
