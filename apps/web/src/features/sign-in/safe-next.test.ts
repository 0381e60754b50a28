import { expect, it } from 'vitest';
import { safeNext } from './safe-next';

it.each([
  ['/vehicle?id=1', '/vehicle?id=1'],
  [null, '/'],
  ['', '/'],
  ['https://evil.example', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/sign-in?next=/', '/'],
])('leads %j to %j', (next, expected) => {
  expect(safeNext(next)).toBe(expected);
});
