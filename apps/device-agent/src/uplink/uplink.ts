import { frameBatches } from '@temoin/shared/codec';
import type { ErrorCode } from '@temoin/shared/errors';
import { BATCH_LIMITS } from '@temoin/shared/telemetry';
import type { BoxKey } from '../chain/box-key.ts';
import type { Report } from '../events.ts';
import type { Outbox, WaitingBatch } from '../outbox/outbox.ts';
import type { Clock } from '../sensors/clock.ts';
import { createWake } from '../wake.ts';
import { backOffMs } from './back-off.ts';
import { createBoxTokens } from './box-token.ts';
import { type CommandHandler, createCommands } from './commands.ts';
import type { createRefusedFolder } from './refused-folder.ts';
import { settleAcks } from './settle-acks.ts';
import type { SiteClient, UploadResult } from './site-client.ts';
import { createSiteList } from './site-list.ts';

// From the outbox to a site. One upload at a time, oldest batch first: the live end is never more than one upload behind, and
// the service sees the numbers in order. A batch is forgotten only when a site has named the hash of exactly its bytes.

export interface UplinkOptions {
  readonly boxId: string;
  readonly key: BoxKey;
  readonly sites: readonly string[];
  readonly outbox: Outbox;
  readonly client: SiteClient;
  readonly refusedFolder: ReturnType<typeof createRefusedFolder>;
  readonly clock: Clock;
  readonly report: Report;
  readonly onCommand?: CommandHandler;
  /** Called when batches were settled. */
  readonly onSettled?: () => void;
  readonly random?: () => number;
  readonly maxUploadBytes?: number;
}

/** Small enough that a cut costs little, large enough that a backlog goes quickly. */
const UPLOAD_BYTES = 512 * 1024;
/** A wait that the service did not put a figure on, ms. */
const BUSY_MS = 2_000;
/** After so many answers of "busy" in a row the next site is tried. */
const BUSY_TRIES = 5;
/** A box that the service does not know or has locked out asks again this often, ms. */
const LOCKED_OUT_MS = 60_000;
const CLOCK_OFF_MS = 60_000;
const LOCKED_OUT: ReadonlySet<ErrorCode> = new Set(['box_unknown', 'box_revoked', 'forbidden']);

export function createUplink(options: UplinkOptions) {
  const { boxId, key, outbox, client, refusedFolder, clock, report, onSettled, random = Math.random } = options;
  const sites = createSiteList(options.sites, random);
  const commands = createCommands(options.onCommand ?? (() => undefined), report);
  const work = createWake();
  let serverAheadMs = 0;
  let clockReported = false;
  const tokens = createBoxTokens(boxId, key, () => clock.now() + serverAheadMs);
  const fullBytes = Math.min(options.maxUploadBytes ?? UPLOAD_BYTES, BATCH_LIMITS.uploadBytes / 2);
  let limitBytes = fullBytes;
  let limitBatches: number = BATCH_LIMITS.perUpload;
  let busyTries = 0;
  let tokenTries = 0;

  async function failed(site: string, reason: string, signal: AbortSignal): Promise<void> {
    report({ kind: 'site_failed', site, reason });
    const allFailed = sites.failed(clock.monotonicMs());
    if (sites.current() !== site) report({ kind: 'site_changed', site: sites.current() });
    // A site is left at once, since the next one may be well; a round without any success is waited out.
    if (allFailed) await clock.sleep(backOffMs(sites.failures() / options.sites.length, random), signal);
  }

  function learnClock(serverTime: number, roundTripMs: number): void {
    const aheadMs = serverTime + roundTripMs / 2 - clock.now();
    // Within a second both are right enough; the network's own delay is not a fault of the clock.
    serverAheadMs = Math.abs(aheadMs) > 1_000 ? aheadMs : 0;
    const off = Math.abs(aheadMs) > CLOCK_OFF_MS;
    if (off && !clockReported) report({ kind: 'clock_off', byMs: Math.round(aheadMs) });
    clockReported = off;
  }

  async function setAside(batch: WaitingBatch, code: ErrorCode): Promise<void> {
    await refusedFolder.setAside(batch, code, clock.now());
    report({ kind: 'batch_refused', boot: batch.header.boot, seq: batch.header.seq, code });
  }

  async function answered(
    site: string,
    sent: readonly WaitingBatch[],
    result: UploadResult & { kind: 'answered' },
    signal: AbortSignal,
  ): Promise<void> {
    const { reply, roundTripMs } = result;
    learnClock(reply.serverTime, roundTripMs);
    const { done, refused, lie } = settleAcks(sent, reply.acks);
    for (const { batch, code } of refused) await setAside(batch, code);
    await outbox.settle(done);
    if (done.length > 0) {
      const stored = done.filter((batch) => !refused.some((other) => other.batch === batch));
      report({
        kind: 'acknowledged',
        site,
        batches: stored.length,
        readings: stored.reduce((sum, batch) => sum + batch.readings, 0),
      });
      onSettled?.();
    }
    await commands.receive(reply.commands, reply.serverTime);
    if (lie) return failed(site, 'wrong_hash', signal);
    if (done.length === 0) return failed(site, 'nothing_acknowledged', signal);
    sites.succeeded();
    busyTries = 0;
    tokenTries = 0;
    limitBytes = Math.min(fullBytes, limitBytes * 2);
    limitBatches = Math.min(BATCH_LIMITS.perUpload, limitBatches * 2);
  }

  /** The service took none of the upload. With several batches in it the culprit is looked for; a single one is it. */
  async function refusedWhole(
    site: string,
    sent: readonly WaitingBatch[],
    code: ErrorCode,
    status: number,
    signal: AbortSignal,
  ): Promise<void> {
    if (code === 'box_token_invalid' || status === 401) {
      tokens.forget();
      const said = client.lastDate();
      if (said !== undefined) learnClock(said, 0);
      tokenTries += 1;
      // Once at once, with the service's own time; after that it is no matter of clocks.
      if (tokenTries > 1) await failed(site, 'box_token_invalid', signal);
      return;
    }
    if (LOCKED_OUT.has(code)) {
      report({ kind: 'box_refused', code });
      await clock.sleep(LOCKED_OUT_MS * (0.75 + random() / 2), signal);
      return;
    }
    const [first] = sent;
    if (sent.length > 1) {
      limitBatches = 1;
      limitBytes = 1;
      return;
    }
    if (!first) return;
    await setAside(first, code);
    await outbox.settle([first]);
    sites.succeeded();
    onSettled?.();
  }

  async function send(batches: readonly WaitingBatch[], signal: AbortSignal): Promise<void> {
    const site = sites.current();
    const body = frameBatches(batches.map((batch) => batch.bytes));
    const result = await client.upload(site, await tokens.tokenFor(site), body, signal);
    if (signal.aborted && result.kind === 'failed') return;
    switch (result.kind) {
      case 'answered':
        return answered(site, batches, result, signal);
      case 'refused':
        return refusedWhole(site, batches, result.code, result.status, signal);
      case 'busy':
        busyTries += 1;
        if (busyTries % BUSY_TRIES === 0 && options.sites.length > 1) return failed(site, 'busy', signal);
        return clock.sleep(result.waitMs ?? BUSY_MS * (0.5 + random()), signal);
      case 'failed':
        // A proxy on the way takes less than the service; it says so in its own words.
        if (result.reason === 'http_413' && batches.length > 1) {
          limitBatches = Math.ceil(batches.length / 2);
          return;
        }
        return failed(site, result.reason, signal);
    }
  }

  async function probeFirst(signal: AbortSignal): Promise<void> {
    const first = sites.probeDue(clock.monotonicMs());
    if (first === undefined) return;
    const well = await client.probe(first, signal);
    if (sites.probed(well, clock.monotonicMs())) report({ kind: 'site_changed', site: first });
  }

  return {
    /** Says that there may be something to send. */
    wake: work.wake,

    /** Sends until `signal` aborts; ends when the upload under way has ended. */
    async run(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        await probeFirst(signal);
        let batches: WaitingBatch[];
        try {
          batches = await outbox.peek(limitBatches, limitBytes);
        } catch (error) {
          // A card that cannot be read: what is on it may come back with the next try, or with the next start.
          report({ kind: 'site_failed', site: 'outbox', reason: (error as Error).message });
          await clock.sleep(5_000, signal);
          continue;
        }
        if (batches.length > 0) await send(batches, signal);
        else await work.wait(clock, 15_000, signal);
      }
    },

    state: () => ({ site: sites.current(), failures: sites.failures(), serverAheadMs }),
  };
}
