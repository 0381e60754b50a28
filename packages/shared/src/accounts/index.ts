import * as z from 'zod';

/** Who people are to the insurer. The box is no role of a person: it signs its own tokens. */
export const Role = z.enum(['administrator', 'portfolio_manager', 'claims_handler', 'fleet_desk', 'client', 'auditor']);
export type Role = z.infer<typeof Role>;

/** Everything that can be allowed. One action, one word; a door asks for exactly one of them. */
export const Action = z.enum([
  'vehicle.list', // see that a vehicle exists: plate, model, state, completeness; no position, no value
  'vehicle.live', // where it is now and what it measures
  'vehicle.history', // charts and tracks of the past
  'vehicle.export', // every reading at full resolution
  'vehicle.photo',
  'vehicle.ledger', // which batches came, which are missing
  'box.list',
  'box.enrol',
  'box.revoke',
  'user.list',
  'user.manage',
  'operations.read', // metrics, verify, queues
  'operations.run', // rebuild, backup
  'audit.read',
]);
export type Action = z.infer<typeof Action>;

/**
 * Which role may do what, written down once: the API decides by it, the app shows it. A client may what is listed for the
 * vehicles that are the client's own; all others for the vehicles of their organisation.
 */
export const PERMISSIONS: Readonly<Record<Role, readonly Action[]>> = {
  administrator: Action.options,
  fleet_desk: [
    'vehicle.list',
    'vehicle.live',
    'vehicle.history',
    'vehicle.photo',
    'vehicle.ledger',
    'box.list',
    'box.enrol',
  ],
  claims_handler: [
    'vehicle.list',
    'vehicle.live',
    'vehicle.history',
    'vehicle.export',
    'vehicle.photo',
    'vehicle.ledger',
    'box.list',
  ],
  portfolio_manager: ['vehicle.list', 'vehicle.ledger', 'box.list'],
  auditor: ['vehicle.list', 'vehicle.ledger', 'box.list', 'user.list', 'operations.read', 'audit.read'],
  client: ['vehicle.list', 'vehicle.live', 'vehicle.history', 'vehicle.export', 'vehicle.photo', 'vehicle.ledger'],
};

export const Locale = z.enum(['fr', 'en']);
export type Locale = z.infer<typeof Locale>;

export const SignIn = z
  .object({
    email: z.string().trim().toLowerCase().pipe(z.email()).meta({ example: 'claire@demo.example' }),
    password: z.string().min(1).max(200),
  })
  .meta({ id: 'SignIn' });
export type SignIn = z.infer<typeof SignIn>;

export const Person = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: Role,
    organisation: z.object({ id: z.string(), name: z.string() }),
    locale: Locale,
    permissions: z.array(Action),
  })
  .meta({ id: 'Person' });
export type Person = z.infer<typeof Person>;

/** The access token is for the Authorization header and the socket; the refresh token travels only in an HttpOnly cookie. */
export const SignedIn = z
  .object({ accessToken: z.string(), expiresAt: z.number().int().meta({ description: 'ms UTC' }), person: Person })
  .meta({ id: 'SignedIn' });
export type SignedIn = z.infer<typeof SignedIn>;
