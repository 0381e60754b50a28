import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

// The site's own secrets, made on first use and never shown: the key that signs people's tokens, and the operator's token.
// Each is a file of its own, readable by the service's user alone.

export interface SiteKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** What anybody may know, to check our signatures. */
  readonly publicJwk: JWK;
}

/** Loads the Ed25519 key pair of this site, or makes it. */
export async function loadSiteKey(keysFolder: string): Promise<SiteKey> {
  const text = await readOrMake(join(keysFolder, 'site-key.json'), async () => {
    const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    return JSON.stringify(await exportJWK(pair.privateKey));
  });
  const { kty, crv, x, d } = JSON.parse(text) as JWK;
  if (kty !== 'OKP' || crv !== 'Ed25519' || !x || !d)
    throw new Error(`${keysFolder}/site-key.json holds no Ed25519 key`);
  const kid = await calculateJwkThumbprint({ kty, crv, x });
  const [privateKey, publicKey] = await Promise.all([
    importJWK({ kty, crv, x, d }, 'EdDSA') as Promise<CryptoKey>,
    importJWK({ kty, crv, x }, 'EdDSA') as Promise<CryptoKey>,
  ]);
  return { kid, privateKey, publicKey, publicJwk: { kty, crv, x, kid, alg: 'EdDSA', use: 'sig' } };
}

/** Loads the token that opens the operations doors, or makes it: `DATA/keys/operator-token`. */
export async function loadOperatorToken(keysFolder: string): Promise<string> {
  const token = await readOrMake(join(keysFolder, 'operator-token'), async () => randomBytes(32).toString('base64url'));
  return token.trim();
}

/** Two processes that start together end with the same secret: the first to give the file its name wins. */
async function readOrMake(path: string, make: () => Promise<string>): Promise<string> {
  const known = await readFile(path, 'utf8').catch(() => undefined);
  if (known) return known;
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, await make(), { mode: 0o600, flush: true });
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(path, 'utf8');
}
