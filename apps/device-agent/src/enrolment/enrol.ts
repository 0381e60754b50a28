import { EnrolReply, EnrolRequest } from '@temoin/shared/boxes';
import { ErrorBody } from '@temoin/shared/errors';
import { request } from 'undici';
import { type BoxKey, loadOrMakeKey } from '../chain/box-key.ts';
import { trueClock } from '../sensors/clock.ts';
import { backOffMs } from '../uplink/back-off.ts';
import { findIdentity, type Identity, saveIdentity } from './identity.ts';

/** The service's own word that this box will not be enrolled (or that nobody answered), by code. */
export class EnrolmentError extends Error {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.name = 'EnrolmentError';
    this.code = code;
  }
}

export interface EnrolOptions {
  readonly folder: string;
  readonly sites: readonly string[];
  readonly code: string;
  readonly serial?: string;
  readonly agentVersion?: string;
  /** Rounds over all sites before giving up. */
  readonly rounds?: number;
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 15_000;
const ROUNDS = 8;

/** Written as people are shown it, `XXXX-XXXX-XXXX`; what is signed and what is sent are then the same text. */
const canonicalCode = (code: string): string =>
  code
    .trim()
    .toUpperCase()
    .replace(/-/g, '')
    .replace(/^(.{4})(.{4})(.{4})$/, '$1-$2-$3');

/** Ed25519 proof that this box holds the private key, base64url. */
export const proofOf = (key: BoxKey, code: string): string =>
  Buffer.from(key.sign(Buffer.from(`temoin-enrol:${code}`))).toString('base64url');

/**
 * Trades a one-time code for an identity, which is kept; a box that has one keeps it. Tries the sites in order and waits with
 * jitter while none answers. Throws `EnrolmentError` with the service's code, or `unreachable`.
 */
export async function enrol(options: EnrolOptions): Promise<Identity> {
  const { folder, sites, serial = '', agentVersion = '', rounds = ROUNDS, signal } = options;
  const known = await findIdentity(folder);
  if (known) return known;
  const key = await loadOrMakeKey(folder);
  const code = canonicalCode(options.code);
  const parsed = EnrolRequest.safeParse({
    code,
    publicKey: key.publicKey,
    proof: proofOf(key, code),
    serial,
    agentVersion,
  });
  if (!parsed.success) throw new EnrolmentError('enrolment_code_invalid', 'a code looks like K7QF-2MZD-X4PA');
  let last = 'no site was given';
  for (let round = 0; round < rounds && !signal?.aborted; round += 1) {
    if (round > 0) await trueClock.sleep(backOffMs(round), signal);
    for (const site of sites) {
      const reply = await ask(site, parsed.data, signal);
      if (typeof reply === 'string') {
        last = `${site}: ${reply}`;
        continue;
      }
      const identity = {
        boxId: reply.boxId,
        vehicleLabel: reply.vehicleLabel,
        sites: reply.sites.length > 0 ? reply.sites : [...sites],
        enrolledAt: Date.now(),
      };
      await saveIdentity(folder, identity);
      return identity;
    }
  }
  throw new EnrolmentError('unreachable', last);
}

/** The reply, or the reason why another try may help. */
async function ask(site: string, body: EnrolRequest, signal: AbortSignal | undefined): Promise<EnrolReply | string> {
  let status: number;
  let json: unknown;
  try {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await request(new URL('/v1/boxes/enrol', site), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    status = answer.statusCode;
    json = await answer.body.json().catch(() => undefined);
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).message;
  }
  const reply = EnrolReply.safeParse(json);
  if (status < 300 && reply.success) return reply.data;
  const error = ErrorBody.safeParse(json);
  if (error.success && status < 500 && status !== 429) throw new EnrolmentError(error.data.code, error.data.message);
  return error.success ? error.data.code : `http_${status}`;
}
