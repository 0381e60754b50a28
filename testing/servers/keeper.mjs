// Runs one server for one test process and ends it with that process, however that ends: the test holds the other end of
// this program's standard input, which the kernel closes even after a kill -9. Then the server's whole process group is
// killed and its folder removed.
import { spawn } from 'node:child_process';
import { openSync, rmSync } from 'node:fs';

const { command, argv, env, folder, logPath } = JSON.parse(process.argv[2]);
const log = openSync(logPath, 'a');
const server = spawn(command, argv, {
  env: { ...process.env, ...env },
  cwd: folder,
  stdio: ['ignore', log, log],
  detached: true,
});
let ending = false;

server.on('error', (error) => {
  process.stdout.write(`${JSON.stringify({ failed: error.message })}\n`);
  end(1);
});
server.on('spawn', () => process.stdout.write(`${JSON.stringify({ pid: server.pid })}\n`));
server.on('exit', (code, signal) => {
  if (ending) return;
  process.stdout.write(`${JSON.stringify({ exited: signal ?? code })}\n`);
});
process.stdin.resume();
process.stdin.on('end', () => end(0));
process.stdin.on('error', () => end(0));
process.stdout.on('error', () => end(0));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0));

function end(code) {
  if (ending) return;
  ending = true;
  const finish = () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    rmSync(logPath, { force: true });
    process.exit(code);
  };
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return finish();
  server.once('exit', finish);
  try {
    process.kill(-server.pid, 'SIGKILL');
  } catch {
    finish();
  }
}
