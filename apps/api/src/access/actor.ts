import type { Role } from '@temoin/shared/accounts';

/** Somebody who signed in. Role and client are read from the database, never from the token. */
export interface PersonActor {
  readonly kind: 'person';
  readonly personId: string;
  readonly sessionId: string;
  readonly organisationId: string;
  readonly role: Role;
  /** Set for the role `client` and for no other. */
  readonly clientId: string | undefined;
}

/** A box that proved who it is; its only doors are uploads and photos of its own. */
export interface BoxActor {
  readonly kind: 'box';
  readonly boxId: string;
  readonly organisationId: string;
}

/** Whoever holds the operator token or the command line of this machine; bound to no organisation. */
export interface OperatorActor {
  readonly kind: 'operator';
}

export type Actor = PersonActor | BoxActor | OperatorActor;

/** What is known of a box once its token or legacy key was found good. */
export interface BoxIdentity {
  readonly boxId: string;
  readonly organisationId: string;
  /** Ed25519 public key (JWK `x`) that its batches are signed with; undefined for a box of the old format. */
  readonly publicKeyX: string | undefined;
  readonly serial: string;
}
