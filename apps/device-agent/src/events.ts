import type { ErrorCode } from '@temoin/shared/errors';
import type { BoxCommand } from '@temoin/shared/telemetry';
import type { DiskProblem } from './outbox/outbox-error.ts';

/** What a box has to say about itself while it runs; a log, a status page and the demo's progress all read the same. */
export type AgentEvent =
  | { readonly kind: 'started'; readonly boxId: string; readonly boot: number; readonly waitingBatches: number }
  | {
      readonly kind: 'outbox_damaged';
      readonly tornBytes: number;
      readonly damagedBytes: number;
      readonly lost: boolean;
    }
  | { readonly kind: 'disk'; readonly state: 'ok' | DiskProblem }
  | { readonly kind: 'dropped'; readonly reason: string; readonly readings: number; readonly photos: number }
  | { readonly kind: 'sensor_failed'; readonly sensor: string; readonly message: string }
  | { readonly kind: 'sensor_ended'; readonly sensor: string }
  | { readonly kind: 'acknowledged'; readonly batches: number; readonly readings: number; readonly site: string }
  | { readonly kind: 'batch_refused'; readonly boot: number; readonly seq: number; readonly code: ErrorCode }
  | { readonly kind: 'site_failed'; readonly site: string; readonly reason: string }
  | { readonly kind: 'site_changed'; readonly site: string }
  | { readonly kind: 'box_refused'; readonly code: string }
  | { readonly kind: 'clock_off'; readonly byMs: number }
  | { readonly kind: 'command'; readonly command: BoxCommand; readonly outcome: 'done' | 'expired' | 'failed' };

export type Report = (event: AgentEvent) => void;
