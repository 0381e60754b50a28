import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';

// Draws the app's icons from the mark (the eye of src/ui/logo.tsx) without any image library: distances to the mark's lines
// give each pixel its coverage. Run by hand when the mark changes: `npx tsx apps/web/scripts/make-icons.ts`.

const folder = join(fileURLToPath(new URL('..', import.meta.url)), 'public/icons');
const ACCENT = [0x0b, 0x5f, 0x6b] as const;
const WHITE = [255, 255, 255] as const;

type Point = readonly [number, number];

/** The outline of the eye in a box of 32, as in the logo, flattened to short lines. */
const CURVES: readonly (readonly [Point, Point, Point, Point])[] = [
  [
    [3, 16],
    [6.6, 9.6],
    [11, 6.6],
    [16, 6.6],
  ],
  [
    [16, 6.6],
    [21, 6.6],
    [25.4, 9.6],
    [29, 16],
  ],
  [
    [29, 16],
    [25.4, 22.4],
    [21, 25.4],
    [16, 25.4],
  ],
  [
    [16, 25.4],
    [11, 25.4],
    [6.6, 22.4],
    [3, 16],
  ],
];
const OUTLINE: Point[] = CURVES.flatMap(([a, b, c, d]) =>
  Array.from({ length: 24 }, (_, i): Point => {
    const t = i / 24;
    const u = 1 - t;
    const mix = (k: 0 | 1) => u ** 3 * a[k] + 3 * u * u * t * b[k] + 3 * u * t * t * c[k] + t ** 3 * d[k];
    return [mix(0), mix(1)];
  }),
);
const STROKE = 2.6;
const PUPIL = 4.7;

function distanceToOutline(x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < OUTLINE.length; i += 1) {
    const [ax, ay] = OUTLINE[i] as Point;
    const [bx, by] = OUTLINE[(i + 1) % OUTLINE.length] as Point;
    const part = Math.max(
      0,
      Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)),
    );
    nearest = Math.min(nearest, Math.hypot(x - ax - part * (bx - ax), y - ay - part * (by - ay)));
  }
  return nearest;
}

/** `scale`: share of the icon's width that the mark's box takes; `radius`: of the ground's corners, as a share. */
function draw(size: number, scale: number, radius: number): Buffer {
  const pixels = Buffer.alloc(size * size * 4);
  const unit = (size * scale) / 32;
  const offset = (size - 32 * unit) / 2;
  const cornerPx = radius * size;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const x = (column + 0.5 - offset) / unit;
      const y = (row + 0.5 - offset) / unit;
      const inside = Math.min(distanceToOutline(x, y) - STROKE / 2, Math.hypot(x - 16, y - 16) - PUPIL);
      const mark = Math.max(0, Math.min(1, 0.5 - inside * unit));
      const dx = Math.max(cornerPx - column - 0.5, column + 0.5 - (size - cornerPx), 0);
      const dy = Math.max(cornerPx - row - 0.5, row + 0.5 - (size - cornerPx), 0);
      const ground = cornerPx === 0 ? 1 : Math.max(0, Math.min(1, cornerPx - Math.hypot(dx, dy) + 0.5));
      const at = (row * size + column) * 4;
      for (let k = 0; k < 3; k += 1)
        pixels[at + k] = Math.round((ACCENT[k] as number) * (1 - mark) + (WHITE[k] as number) * mark);
      pixels[at + 3] = Math.round(ground * 255);
    }
  }
  return encodePng(pixels, size);
}

const CRC = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  let crc = 0xffffffff;
  for (const byte of body) crc = (CRC[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 4 + body.length);
  return frame;
}

function encodePng(pixels: Buffer, size: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let row = 0; row < size; row += 1)
    pixels.copy(rows, row * (size * 4 + 1) + 1, row * size * 4, (row + 1) * size * 4);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>.m{stroke:#0B5F6B}.p{fill:#0B5F6B}@media(prefers-color-scheme:dark){.m{stroke:#62C6D1}.p{fill:#62C6D1}}</style><path class="m" d="M3 16C6.6 9.6 11 6.6 16 6.6S25.4 9.6 29 16C25.4 22.4 21 25.4 16 25.4S6.6 22.4 3 16Z" fill="none" stroke-width="2.6" stroke-linejoin="round"/><circle class="p" cx="16" cy="16" r="4.7"/></svg>\n`;

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'icon.svg'), SVG);
writeFileSync(join(folder, 'icon-192.png'), draw(192, 0.74, 0.2));
writeFileSync(join(folder, 'icon-512.png'), draw(512, 0.74, 0.2));
writeFileSync(join(folder, 'icon-maskable-512.png'), draw(512, 0.58, 0));
writeFileSync(join(folder, 'apple-touch-icon.png'), draw(180, 0.68, 0));
