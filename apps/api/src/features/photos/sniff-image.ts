import type { Readable } from 'node:stream';

export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp';

/** What a picture is by its first bytes, whatever was said of it; undefined = none of the pictures that we show. */
export function imageTypeOf(head: Uint8Array): ImageType | undefined {
  const text = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'image/jpeg';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp';
  return undefined;
}

/** The first bytes of a stream, which still gives all of them afterwards. */
export async function headOf(stream: Readable): Promise<Uint8Array> {
  for (;;) {
    const head = stream.read() as Buffer | null;
    if (head) {
      stream.unshift(head);
      return head;
    }
    if (stream.readableEnded || stream.destroyed) return new Uint8Array();
    await new Promise<void>((resolve, reject) => {
      stream.once('readable', resolve);
      stream.once('end', resolve);
      stream.once('error', reject);
    });
  }
}
