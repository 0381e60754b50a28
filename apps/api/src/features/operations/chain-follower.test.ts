import { createHash } from 'node:crypto';
import { NO_PREVIOUS_HASH } from '@temoin/shared/telemetry';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChainLink, createChainFollower } from './chain-follower.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

function chain(length: number, firstSeq = 0): ChainLink[] {
  const links: ChainLink[] = [];
  for (let i = 0; i < length; i++) {
    links.push({
      seq: firstSeq + i,
      hash: hashOf(`batch ${firstSeq + i}`),
      previousHash: links.at(-1)?.hash ?? NO_PREVIOUS_HASH,
    });
  }
  return links;
}

const follow = (links: readonly ChainLink[]) => {
  const follower = createChainFollower();
  for (const link of links) follower.add(link);
  return follower.report();
};

const shuffled = (links: readonly ChainLink[]) => fc.shuffledSubarray([...links], { minLength: links.length });

test('finds a whole chain whole, in any order of arrival', () => {
  fc.assert(
    fc.property(shuffled(chain(25)), (links) => {
      expect(follow(links)).toEqual({ batches: 25, firstSeq: 0, lastSeq: 24, holes: [], broken: [], repeated: [] });
    }),
  );
});

test('finds exactly the batches that were left out, and calls none of them a break', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(chain(25), { minLength: 1 }), (links) => {
      const there = new Set(links.map((link) => link.seq));
      const last = Math.max(...there);
      const missing = Array.from({ length: last }, (_, seq) => seq).filter((seq) => !there.has(seq));
      const report = follow(links);
      expect(
        report.holes.flatMap(({ fromSeq, toSeq }) =>
          Array.from({ length: toSeq - fromSeq + 1 }, (_, i) => fromSeq + i),
        ),
      ).toEqual(missing);
      expect(report.broken).toEqual([]);
    }),
  );
});

test('finds a batch that was exchanged by the one behind it, in any order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 23 }), fc.infiniteStream(fc.nat()), (seq, dice) => {
      const links = chain(25).map((link) => (link.seq === seq ? { ...link, hash: hashOf('forged') } : link));
      const order = links.toSorted(() => ((dice.next().value ?? 0) % 2 ? 1 : -1));
      expect(follow(order).broken).toEqual([seq + 1]);
    }),
  );
});

test('a number that comes twice is named', () => {
  expect(follow([...chain(3), { seq: 1, hash: hashOf('other'), previousHash: NO_PREVIOUS_HASH }]).repeated).toEqual([
    1,
  ]);
});

test('batches without a chain (JSON, old format) are no breaks', () => {
  expect(follow(chain(4).map((link) => ({ ...link, previousHash: NO_PREVIOUS_HASH }))).broken).toEqual([]);
});

test('a chain that begins behind its first batch has a hole before it', () => {
  expect(follow(chain(5).slice(2)).holes).toEqual([{ fromSeq: 0, toSeq: 1 }]);
  expect(follow(chain(5, 7)).holes).toEqual([]);
});
