import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Where the real servers of the integration tests live, shared by the script that installs them and the tests that look for
// them. Outside the repository in CI, so that a fresh clone finds what an earlier run installed.

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Pinned versions; raising one here makes the next install replace what is there. */
export const SERVER_VERSIONS = { influxd: '1.8.10', seaweedfs: '4.48', nats: '2.15.1', elm: '4.0.0' };

/** The git-ignored folder of installed servers: `$TEMOIN_TOOLS`, else the user's cache in CI, else `.tools`. */
export function toolsFolder(env = process.env) {
  if (env.TEMOIN_TOOLS) return env.TEMOIN_TOOLS;
  return env.CI ? join(homedir(), '.cache', 'temoin-tools') : join(ROOT, '.tools');
}

/** Where the install script puts each server's program. */
export function installedPath(server, env = process.env) {
  const tools = toolsFolder(env);
  if (server === 'influxd') return join(tools, 'bin', 'influxd');
  const programs = { seaweedfs: 'weed', nats: 'nats-server', elm: 'elm' };
  return join(tools, 'py', 'bin', programs[server]);
}
