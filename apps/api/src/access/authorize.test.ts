import { Action, PERMISSIONS, Role } from '@temoin/shared/accounts';
import { describe, expect, test } from 'vitest';
import { AppError } from '../http/app-error.ts';
import type { Actor } from './actor.ts';
import { authorize, type Belonging, scopeOf } from './authorize.ts';

const personWith = (role: Role, clientId = role === 'client' ? 'client-1' : undefined): Actor => ({
  kind: 'person',
  personId: 'p',
  sessionId: 's',
  organisationId: 'org-1',
  role,
  clientId,
});
const outcome = (actor: Actor, action: Action, resource?: Belonging | null) => {
  try {
    authorize(actor, action, resource);
    return 'allowed';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
};

const own: Belonging = { organisationId: 'org-1', clientId: 'client-1' };
const otherClients: Belonging = { organisationId: 'org-1', clientId: 'client-2' };
const nobodys: Belonging = { organisationId: 'org-1', clientId: null };
const otherOrganisations: Belonging = { organisationId: 'org-2', clientId: 'client-1' };

describe.each(Role.options)('%s', (role) => {
  const actor = personWith(role);
  test.each(Action.options)('%s', (action) => {
    const allowed = PERMISSIONS[role].includes(action) ? 'allowed' : 'forbidden';
    expect(outcome(actor, action, own)).toBe(allowed);
    expect(outcome(actor, action)).toBe(allowed);
    const withinOrganisation = role === 'client' ? 'not_found' : allowed;
    expect(outcome(actor, action, otherClients)).toBe(withinOrganisation);
    expect(outcome(actor, action, nobodys)).toBe(withinOrganisation);
    expect(outcome(actor, action, otherOrganisations)).toBe('not_found');
    expect(outcome(actor, action, null)).toBe('not_found');
  });
});

// Written out, not computed from the table: if somebody widens a role, this says so.
test('the roles that the insurer agreed on', () => {
  const may = (action: Action) => Role.options.filter((role) => outcome(personWith(role), action, own) === 'allowed');
  expect(may('vehicle.live')).toEqual(['administrator', 'claims_handler', 'fleet_desk', 'client']);
  expect(may('vehicle.export')).toEqual(['administrator', 'claims_handler', 'client']);
  expect(may('box.enrol')).toEqual(['administrator', 'fleet_desk']);
  expect(may('box.revoke')).toEqual(['administrator']);
  expect(may('user.manage')).toEqual(['administrator']);
  expect(may('operations.run')).toEqual(['administrator']);
  expect(may('audit.read')).toEqual(['administrator', 'auditor']);
});

test('what is forbidden to see and what is absent are told apart by nothing', () => {
  const errorOf = (resource: Belonging | null) => {
    try {
      authorize(personWith('fleet_desk'), 'vehicle.live', resource);
    } catch (error) {
      const { stack: _stack, ...rest } = Object.getOwnPropertyDescriptors(error as AppError);
      return Object.fromEntries(Object.entries(rest).map(([key, property]) => [key, property.value]));
    }
  };
  expect(errorOf(otherOrganisations)).toEqual(errorOf(null));
});

test('a client without a client record reaches nothing', () => {
  const broken: Actor = { ...(personWith('client') as Extract<Actor, { kind: 'person' }>), clientId: undefined };
  for (const resource of [own, nobodys, otherClients])
    expect(outcome(broken, 'vehicle.list', resource)).toBe('not_found');
});

test('a box reaches nothing by this way, the operator everything', () => {
  for (const action of Action.options) {
    expect(outcome({ kind: 'box', boxId: 'b', organisationId: 'org-1' }, action, own)).toBe('not_found');
    expect(outcome({ kind: 'box', boxId: 'b', organisationId: 'org-1' }, action)).toBe('forbidden');
    expect(outcome({ kind: 'operator' }, action, otherOrganisations)).toBe('allowed');
    expect(outcome({ kind: 'operator' }, action, null)).toBe('not_found');
  }
});

test('the bounds of a list let through exactly what authorize does', () => {
  for (const role of Role.options) {
    const actor = personWith(role);
    const scope = scopeOf(actor, 'vehicle.list');
    for (const thing of [own, otherClients, nobodys, otherOrganisations]) {
      const inScope =
        (scope.organisationId === undefined || thing.organisationId === scope.organisationId) &&
        (scope.clientId === undefined || thing.clientId === scope.clientId);
      expect(inScope).toBe(outcome(actor, 'vehicle.list', thing) === 'allowed');
    }
  }
});
