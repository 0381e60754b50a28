import { expect, it } from 'vitest';
import { parseByteRange } from './byte-range';

it.each([
  ['bytes=0-126', 1000, { first: 0, last: 126 }],
  ['bytes=900-5000', 1000, { first: 900, last: 999 }],
  ['bytes=900-', 1000, { first: 900, last: 999 }],
  ['bytes=-100', 1000, { first: 900, last: 999 }],
  ['bytes=1000-1001', 1000, undefined],
  ['bytes=5-4', 1000, undefined],
  ['bytes=0-1,5-6', 1000, undefined],
  ['bytes=-', 1000, undefined],
  [null, 1000, undefined],
])('reads %j of %d bytes', (header, size, expected) => {
  expect(parseByteRange(header, size)).toEqual(expected);
});
