import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// The list of files that a newcomer reads is only worth something while it is true.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(`${ROOT}docs/reading-order.md`, 'utf8');
const steps = [...page.matchAll(/^(\d+)\. `([^`]+)`[^\n]*\n\s+> ([^\n]+)$/gm)].map(([, number, file, invariant]) => ({
  number: Number(number),
  file,
  invariant,
}));

/** The comments of a file as running text. */
const commentsOf = (source) =>
  source
    .split('\n')
    .map((line) => /^\s*(?:\/\/|\/\*\*|\*)\s?(.*?)(?:\*\/)?$/.exec(line)?.[1] ?? '')
    .join(' ')
    .replace(/\s+/g, ' ');

const LAYERS = ['packages/shared', 'apps/device-agent', 'apps/api', 'apps/web'];

test('there are twelve files, numbered, each once, and in the order in which a reading passes', () => {
  expect(steps.map((step) => step.number)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  expect(new Set(steps.map((step) => step.file)).size).toBe(12);
  const layers = steps.map((step) => LAYERS.findIndex((layer) => step.file.startsWith(layer)));
  expect(layers).toEqual(layers.toSorted((a, b) => a - b));
  expect(new Set(layers)).toEqual(new Set([0, 1, 2, 3]));
});

test.each(steps)('$number. $file says what must stay true', ({ file, invariant }) => {
  expect(commentsOf(readFileSync(ROOT + file, 'utf8'))).toContain(invariant);
});

test('the page ends with files that exist', () => {
  for (const [, file] of page.slice(page.indexOf('From here')).matchAll(/`([^`]+)`/g)) readFileSync(ROOT + file);
});
