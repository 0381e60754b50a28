import { spawn } from 'node:child_process';

/** Opens the address where there is a desktop to open it on; says whether it tried. Never fails. */
export function openBrowser(address, env = process.env) {
  const command = commandFor(env);
  if (!command) return false;
  const child = spawn(command[0], [...command.slice(1), address], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
  return true;
}

function commandFor(env) {
  if (env.CI || env.SSH_CONNECTION) return undefined;
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['cmd', '/c', 'start', ''];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}
