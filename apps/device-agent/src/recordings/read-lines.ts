import { createReadStream } from 'node:fs';

/** A longer line is no row of ours; it is cut here and marked, so that memory stays bounded whatever the file is. */
export const MAX_LINE_CHARACTERS = 64 * 1024;

export interface Line {
  readonly text: string;
  /** True when the line was longer than `MAX_LINE_CHARACTERS`; `text` is its beginning. */
  readonly cut: boolean;
}

/** The lines of a file in blocks, without their line ends (LF or CRLF) and without a byte order mark. */
export async function* readLineBlocks(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): AsyncGenerator<Line[]> {
  let rest = '';
  let cut = false;
  let first = true;
  const line = (text: string): Line => {
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    const result = { text: whole.slice(0, MAX_LINE_CHARACTERS), cut: cut || whole.length > MAX_LINE_CHARACTERS };
    cut = false;
    return result;
  };
  for await (const chunk of createReadStream(path, { encoding, highWaterMark: 64 * 1024 }) as AsyncIterable<string>) {
    const text = first && chunk.startsWith('\uFEFF') ? chunk.slice(1) : chunk;
    first = false;
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > MAX_LINE_CHARACTERS) {
      rest = rest.slice(0, MAX_LINE_CHARACTERS);
      cut = true;
    }
    if (parts.length > 0) yield parts.map(line);
  }
  if (rest !== '') yield [line(rest)];
}
