import * as z from 'zod';

/** Ed25519 public key as JWK, the only part of the key pair that ever leaves the box. */
export const BoxPublicKey = z
  .object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string().regex(/^[A-Za-z0-9_-]{43}$/) })
  .meta({ id: 'BoxPublicKey' });
export type BoxPublicKey = z.infer<typeof BoxPublicKey>;

/** `POST /v1/boxes/enrol`: trades a one-time code and a public key for an identity. No other credential is needed. */
export const EnrolRequest = z
  .object({
    code: z
      .string()
      .trim()
      .toUpperCase()
      .regex(/^[A-Z2-7]{4}-?[A-Z2-7]{4}-?[A-Z2-7]{4}$/)
      .meta({ example: 'K7QF-2MZD-X4PA' }),
    publicKey: BoxPublicKey,
    /** Signature (base64url) by the new key over `temoin-enrol:` + code, to prove that the box holds the private key. */
    proof: z.string().max(128),
    serial: z.string().max(64).default(''),
    agentVersion: z.string().max(32).default(''),
  })
  .meta({ id: 'EnrolRequest' });
export type EnrolRequest = z.infer<typeof EnrolRequest>;

export const EnrolReply = z
  .object({
    boxId: z.string(),
    vehicleLabel: z.string(),
    sites: z.array(z.string()).meta({ description: 'Base addresses of the service, first choice first' }),
  })
  .meta({ id: 'EnrolReply' });
export type EnrolReply = z.infer<typeof EnrolReply>;

/** `POST /v1/boxes/codes`: an administrator makes a code for a vehicle. It works once, for 24 hours. */
export const EnrolmentCode = z
  .object({ code: z.string(), vehicleId: z.string(), expiresAt: z.number().int() })
  .meta({ id: 'EnrolmentCode' });
export type EnrolmentCode = z.infer<typeof EnrolmentCode>;

/** What the box puts into the JWT that it signs for itself (EdDSA). `sub` is the box id, `aud` the site's origin. */
export const BOX_TOKEN = { issuer: 'temoin-box', lifetimeS: 300 } as const;
