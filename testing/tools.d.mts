type Env = Readonly<Record<string, string | undefined>>;
export type InstalledServer = 'influxd' | 'seaweedfs' | 'nats' | 'elm';

/** The repository's root folder, with a trailing slash. */
export const ROOT: string;
/** Pinned versions of the servers that the install script installs. */
export const SERVER_VERSIONS: Readonly<Record<InstalledServer, string>>;
/** The git-ignored folder of installed servers: `$TEMOIN_TOOLS`, else the user's cache in CI, else `.tools`. */
export function toolsFolder(env?: Env): string;
/** Where the install script puts each server's program. */
export function installedPath(server: InstalledServer, env?: Env): string;
