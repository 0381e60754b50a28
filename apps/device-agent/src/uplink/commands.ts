import type { BoxCommand } from '@temoin/shared/telemetry';
import type { Report } from '../events.ts';

/** Carries one command out; throws when it could not. */
export type CommandHandler = (command: BoxCommand) => void | Promise<void>;

/** Commands remembered as carried out; the service repeats one until it knows. */
const REMEMBERED = 256;

/**
 * Passes commands on, each once: an id that was carried out is passed over, one that expired (by the service's clock) is
 * dropped, one that failed may come again.
 */
export function createCommands(handler: CommandHandler, report: Report) {
  const done = new Set<string>();
  return {
    async receive(commands: readonly BoxCommand[], serverTime: number): Promise<void> {
      for (const command of commands) {
        if (done.has(command.id)) continue;
        if (command.expiresAt <= serverTime) {
          report({ kind: 'command', command, outcome: 'expired' });
          continue;
        }
        try {
          await handler(command);
          done.add(command.id);
          if (done.size > REMEMBERED) for (const oldest of done) if (done.delete(oldest)) break;
          report({ kind: 'command', command, outcome: 'done' });
        } catch {
          report({ kind: 'command', command, outcome: 'failed' });
        }
      }
    },
  };
}
