import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { join } from 'node:path';
import { BoxPublicKey } from '@temoin/shared/boxes';
import { type Disk, nodeDisk, readSmallFile, replaceFile } from '../outbox/disk.ts';

/** The box's Ed25519 key pair. It is made on the box, and the private half never leaves it. */
export interface BoxKey {
  readonly privateKey: KeyObject;
  readonly publicKey: BoxPublicKey;
  /** Ed25519 signature, 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

/**
 * The key in `folder`, made at the first call (file mode 0600). Throws when the file is there and is no key: a new one would
 * be another box, so that is for a person to decide.
 */
export async function loadOrMakeKey(folder: string, disk: Disk = nodeDisk): Promise<BoxKey> {
  const path = join(folder, 'box-key.pem');
  await disk.makeFolder(folder);
  const saved = await readSmallFile(disk, path);
  if (saved) return boxKey(readKey(saved, path));
  const { privateKey } = generateKeyPairSync('ed25519');
  await replaceFile(disk, path, Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })));
  return boxKey(privateKey);
}

function readKey(pem: Uint8Array, path: string): KeyObject {
  try {
    const key = createPrivateKey(Buffer.from(pem));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below, with the path.
  }
  throw new Error(`${path} holds no Ed25519 key. Restore it, or remove it and enrol this box again with a new code.`);
}

function boxKey(privateKey: KeyObject): BoxKey {
  const { kty, crv, x } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    privateKey,
    publicKey: BoxPublicKey.parse({ kty, crv, x }),
    sign: (bytes) => sign(null, bytes, privateKey),
  };
}
