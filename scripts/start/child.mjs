import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { openLogFile } from './log-file.mjs';

const STOP_WITH_PARENT = new URL('./stop-with-parent.mjs', import.meta.url).href;
/** Back-off between restarts; a child that ran for a minute starts again from the first. */
const RESTART_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000];
const WELL_AFTER_MS = 60_000;

/**
 * Runs a program and starts it again when it dies, until `stop`. Each child leads its own process group, so that Ctrl-C in
 * the terminal reaches the starter alone, and the starter stops them in order.
 */
export function superviseChild({
  name,
  file,
  nodeArgs = [],
  args = [],
  env,
  cwd,
  logPath,
  onLine,
  keepInLog = () => true,
  onRestart,
  restart = true,
}) {
  const log = openLogFile(logPath);
  const state = { child: undefined, stopping: false, restarts: 0, timer: undefined, exited: undefined };
  let settleFirstExit;
  const firstExit = new Promise((resolve) => {
    settleFirstExit = resolve;
  });
  let settleEnded;
  const ended = new Promise((resolve) => {
    settleEnded = resolve;
  });
  const again = (exit) => (typeof restart === 'function' ? restart(exit) : restart);

  function launch() {
    const startedAt = Date.now();
    const child = spawn(
      process.execPath,
      [...nodeArgs, '--enable-source-maps', '--import', STOP_WITH_PARENT, file, ...args],
      {
        cwd,
        env,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    state.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        if (keepInLog(line)) log.line(line);
        onLine?.(line);
      });
    }
    child.on('message', () => {});
    child.on('error', (error) => log.line(`cannot start ${name}: ${error.message}`));
    child.on('close', (code, signal) => {
      log.line(`— ${name} ended (${signal ?? code})`);
      settleFirstExit({ code, signal });
      state.exited = { code, signal };
      if (state.stopping || !again({ code, signal })) {
        settleEnded({ code, signal });
        return;
      }
      if (Date.now() - startedAt > WELL_AFTER_MS) state.restarts = 0;
      const waitMs = RESTART_MS[Math.min(state.restarts++, RESTART_MS.length - 1)];
      onRestart?.({ code, signal, waitMs });
      state.timer = setTimeout(launch, waitMs * (0.75 + Math.random() / 2));
    });
  }
  launch();

  return {
    name,
    log,
    /** Resolves when the program ended for the first time, with its code or signal. */
    firstExit,
    /** Resolves when it ended and is not started again. */
    ended,
    pid: () => state.child?.pid,
    /** SIGTERM, then after `patienceMs` SIGKILL to the whole group. */
    async stop(patienceMs = 20_000) {
      state.stopping = true;
      clearTimeout(state.timer);
      const { child } = state;
      if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const killer = setTimeout(() => {
        log.line(`— ${name} did not stop in ${patienceMs / 1000} s and is killed`);
        try {
          process.kill(-child.pid, 'SIGKILL');
        } catch {}
      }, patienceMs);
      await ended;
      clearTimeout(killer);
    },
  };
}
