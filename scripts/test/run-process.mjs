import { spawn } from 'node:child_process';

/**
 * Runs a program to its end. `onLine` sees every line as it comes (absent: output is only kept). After `timeoutMs` the whole
 * process group is killed, so that a hanging test cannot leave servers behind; that counts as a failure.
 */
export function runProcess(command, args, { cwd, env = process.env, timeoutMs, onLine }) {
  return new Promise((resolve) => {
    const startedAt = Date.now();
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let output = '';
    let rest = '';
    let timedOut = false;
    const take = (chunk) => {
      output = (output + chunk).slice(-400_000);
      if (!onLine) return;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child);
    }, timeoutMs);
    const finish = (code, signal) => {
      clearTimeout(timer);
      running.delete(child);
      if (rest && onLine) onLine(rest);
      if (timedOut) output += `\nstopped: took longer than ${Math.round(timeoutMs / 1000)} s\n`;
      resolve({
        ok: code === 0 && !timedOut,
        code,
        signal,
        output,
        timedOut,
        seconds: (Date.now() - startedAt) / 1000,
      });
    };
    child.on('error', (error) => {
      output += error.message;
      finish(127);
    });
    child.on('close', (code, signal) => finish(code ?? 1, signal));
  });
}

const running = new Set();

function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {}
}

/** Kills everything that still runs; for Ctrl-C. */
export function killAll() {
  for (const child of running) killGroup(child);
}
