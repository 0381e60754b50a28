import { describe, expect, it } from 'vitest';
import { MESSAGES } from './messages';

type Tree = { readonly [key: string]: string | Tree };

function leaves(tree: Tree, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const here = path ? `${path}.${key}` : key;
    if (typeof value === 'string') found.set(here, value);
    else for (const [inner, text] of leaves(value, here)) found.set(inner, text);
  }
  return found;
}

const fr = leaves(MESSAGES.fr);
const en = leaves(MESSAGES.en);
const placeholders = (text: string) =>
  [
    ...new Set(
      [...text.matchAll(/(?<!(?:=\d+|zero|one|two|few|many|other)\s*)\{(\w+)\s*[,}]/g)].map(([, name]) => name),
    ),
  ].sort();

describe('words in both languages', () => {
  it('has the same keys in French and English', () => {
    expect([...en.keys()].sort()).toEqual([...fr.keys()].sort());
  });

  it('leaves no word empty', () => {
    expect([...fr, ...en].filter(([, text]) => text.trim() === '').map(([key]) => key)).toEqual([]);
  });

  it.each([...fr.keys()])('%s takes the same values', (key) => {
    expect(placeholders(en.get(key) ?? '')).toEqual(placeholders(fr.get(key) ?? ''));
  });

  it('shouts nowhere and keeps typographic apostrophes', () => {
    for (const [key, text] of [...fr, ...en]) {
      expect(text, key).not.toMatch(/!/);
      expect(text, key).not.toMatch(/\w'\w/);
    }
  });
});
