import { createPublicKey, type KeyObject, verify } from 'node:crypto';

// Ed25519 over a batch's signed bytes. The check runs on Node's thread pool: it costs about 0.1 ms, and a box's upload must
// not hold up everybody else's event loop.

const MOST_KEYS = 20_000;

export type SignatureCheck = (publicKeyX: string, signed: Uint8Array, signature: Uint8Array) => Promise<boolean>;

/** Keeps parsed keys (bounded). A key that is none makes every signature wrong. */
export function createSignatureCheck(): SignatureCheck {
  const keys = new Map<string, KeyObject>();
  const keyOf = (x: string): KeyObject => {
    const known = keys.get(x);
    if (known) return known;
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    if (keys.size >= MOST_KEYS) keys.clear();
    keys.set(x, key);
    return key;
  };
  return (publicKeyX, signed, signature) =>
    new Promise((resolve) => {
      try {
        verify(null, signed, keyOf(publicKeyX), signature, (error, good) => resolve(!error && good));
      } catch {
        resolve(false);
      }
    });
}
