import { createHash, createPublicKey, type KeyObject, randomUUID, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { EnrolRequest } from '@temoin/shared/boxes';
import { decodeBatch, openBatch, unframeBatches } from '@temoin/shared/codec';
import type { BatchAck, BoxCommand, Fact, Reading } from '@temoin/shared/telemetry';
import { jwtVerify } from 'jose';
import { compressor } from '../chain/sealer.ts';

// A site as the boxes see it, small enough to be believed: it verifies tokens, signatures and the chain, keeps each batch once
// by (boot, seq), and answers as told, truthfully or not. A plain HTTP server; the service's own code has no part in it.

export interface KeptBatch {
  readonly boot: number;
  readonly seq: number;
  readonly hash: string;
  readonly previousHash: string;
  readonly readings: readonly Reading[];
  readonly facts: readonly Fact[];
  /** Where each batch came in the order of arrival. */
  readonly arrival: number;
}

/** Handles one upload; the default is the truth. `truth` stores and gives the honest reply. */
export type Behaviour = (context: {
  readonly batches: Uint8Array[];
  readonly truth: () => { acks: BatchAck[]; commands: BoxCommand[]; serverTime: number };
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly upload: number;
}) => void | Promise<void>;

export type TestSite = Awaited<ReturnType<typeof startTestSite>>;

export async function startTestSite(
  options: { port?: number; keys?: Map<string, KeyObject>; kept?: Map<string, Map<string, KeptBatch>> } = {},
) {
  /** Public keys by box, and batches by box and number; two sites may share them. */
  const keys = options.keys ?? new Map<string, KeyObject>();
  const kept = options.kept ?? new Map<string, Map<string, KeptBatch>>();
  const codes = new Map<string, string>();
  const conflicts: string[] = [];
  const problems: string[] = [];
  let uploads = 0;
  let duplicates = 0;
  let arrivals = 0;
  let behaviour: Behaviour | undefined;
  let ready = true;
  let commands: BoxCommand[] = [];

  const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };

  async function authenticate(request: IncomingMessage): Promise<string | undefined> {
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const [, payload = ''] = token.split('.');
    try {
      const boxId = String(JSON.parse(Buffer.from(payload, 'base64url').toString()).sub);
      const key = keys.get(boxId);
      if (!key) return undefined;
      await jwtVerify(token, key, { issuer: 'temoin-box', audience: site.origin, subject: boxId, maxTokenAge: '300s' });
      return boxId;
    } catch (error) {
      problems.push(`token: ${(error as Error).message}`);
      return undefined;
    }
  }

  function store(boxId: string, bytes: Uint8Array): BatchAck {
    const opened = openBatch(bytes);
    const { boot, seq, previousHash } = opened.header;
    const hash = createHash('sha256').update(bytes).digest('hex');
    const key = keys.get(boxId);
    if (opened.header.boxId !== boxId) return { boot, seq, outcome: 'refused', code: 'batch_foreign_box' };
    if (!key || !verify(null, opened.signed, key, opened.signature))
      return { boot, seq, outcome: 'refused', code: 'signature_invalid' };
    const ofBox = kept.get(boxId) ?? new Map<string, KeptBatch>();
    kept.set(boxId, ofBox);
    const before = ofBox.get(`${boot}/${seq}`);
    if (before) {
      if (before.hash === hash) {
        duplicates += 1;
        return { boot, seq, outcome: 'duplicate', hash };
      }
      conflicts.push(`${boot}/${seq}`);
      return { boot, seq, outcome: 'refused', code: 'sequence_conflict' };
    }
    const { readings, facts } = decodeBatch(opened, compressor);
    ofBox.set(`${boot}/${seq}`, { boot, seq, hash, previousHash, readings, facts, arrival: arrivals++ });
    return { boot, seq, outcome: 'stored', hash };
  }

  const server = createServer((request, response) => {
    void (async () => {
      if (request.url === '/readyz') return json(response, ready ? 200 : 503, { ready });
      const body = await buffer(request);
      if (request.url === '/v1/boxes/enrol') {
        const enrolment = EnrolRequest.parse(JSON.parse(body.toString()));
        const key = createPublicKey({ key: enrolment.publicKey, format: 'jwk' });
        const proven = verify(
          null,
          Buffer.from(`temoin-enrol:${enrolment.code}`),
          key,
          Buffer.from(enrolment.proof, 'base64url'),
        );
        const label = codes.get(enrolment.code);
        if (!proven || label === undefined)
          return json(response, 400, { code: 'enrolment_code_invalid', message: 'no such code' });
        const boxId = randomUUID();
        keys.set(boxId, key);
        return json(response, 200, { boxId, vehicleLabel: label, sites: [site.origin] });
      }
      if (request.url !== '/v1/batches') return json(response, 404, { code: 'not_found', message: '' });
      uploads += 1;
      const boxId = await authenticate(request);
      if (!boxId) return json(response, 401, { code: 'box_token_invalid', message: '' });
      const batches = unframeBatches(body);
      const truth = () => {
        const acks = batches.map((bytes) => store(boxId, bytes));
        const reply = { acks, commands, serverTime: Date.now() };
        commands = [];
        return reply;
      };
      if (behaviour) await behaviour({ batches, truth, request, response, upload: uploads });
      else json(response, 200, truth());
    })().catch((error: Error) => {
      problems.push(error.message);
      if (!response.headersSent) json(response, 500, { code: 'internal_error', message: error.message });
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const site = {
    origin: `http://127.0.0.1:${port}`,
    port,
    keys,
    kept,
    conflicts,
    problems,
    json,
    uploads: () => uploads,
    duplicates: () => duplicates,
    addCode: (code: string, label: string) => void codes.set(code, label),
    behave: (next: Behaviour | undefined) => {
      behaviour = next;
    },
    setReady: (next: boolean) => {
      ready = next;
    },
    command: (next: BoxCommand) => void commands.push(next),
    /** Batches of one box (the only one, by default) in the order of their numbers. */
    batchesOf(boxId = [...kept.keys()][0] ?? ''): KeptBatch[] {
      return [...(kept.get(boxId)?.values() ?? [])].sort((a, b) => a.seq - b.seq || a.boot - b.boot);
    },
    readingsOf: (boxId?: string): Reading[] => site.batchesOf(boxId).flatMap((batch) => batch.readings),
    /** Closes at once, connections included. */
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return site;
}

/** Whether each batch names the hash of the one before it. */
export const isChained = (batches: readonly KeptBatch[]): boolean =>
  batches.every((batch, i) => i === 0 || batch.previousHash === batches[i - 1]?.hash);
