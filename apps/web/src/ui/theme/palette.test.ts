import { describe, expect, it } from 'vitest';
import { PALETTE, type Token } from './palette';

// The ratios of WCAG 2: text at least 4.5 on its ground, shapes and edges at least 3.

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const ratio = (a: string, b: string) => {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};

const TEXT: readonly [Token, Token][] = [
  ...(['ink', 'ink2', 'ink3', 'accent'] as const).flatMap((ink) =>
    (['surface', 'bg', 'sunken'] as const).map((ground): [Token, Token] => [ink, ground]),
  ),
  ['on-accent', 'accent'],
  ...(['moving', 'idling', 'parked', 'silent', 'alarm'] as const).map((state): [Token, Token] => [
    `state-${state}-text`,
    `state-${state}-soft`,
  ]),
  ...(['info', 'attention', 'serious', 'critical', 'settled'] as const).map((severity): [Token, Token] => [
    severity,
    `${severity}-soft`,
  ]),
  ...(['fresh-live', 'fresh-expected', 'fresh-late'] as const).map((token): [Token, Token] => [token, 'surface']),
  ['map-label', 'map-land'],
  ['map-water-label', 'map-water'],
];
const SHAPES: readonly [Token, Token][] = [
  ...(['moving', 'idling', 'parked', 'silent', 'alarm'] as const).map((state): [Token, Token] => [
    `state-${state}`,
    'surface',
  ]),
  ['control', 'surface'],
  ...([1, 2, 3, 4, 5, 6, 7, 8] as const).map((n): [Token, Token] => [`series-${n}`, 'surface']),
];

describe.each(['light', 'dark'] as const)('palette, %s', (scheme) => {
  const color = PALETTE[scheme];
  it.each(TEXT)('%s can be read on %s', (ink, ground) => {
    expect(ratio(color[ink], color[ground])).toBeGreaterThanOrEqual(4.5);
  });
  it.each(SHAPES)('%s can be seen on %s', (shape, ground) => {
    expect(ratio(color[shape], color[ground])).toBeGreaterThanOrEqual(3);
  });
});
