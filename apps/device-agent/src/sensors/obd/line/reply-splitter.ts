// Cuts the adapter's byte stream at its prompts. Bytes that no ELM327 sends are not dropped but turned into a character that
// no parser accepts: a line that lost a digit must fall, not shrink into another valid line. NULs alone may appear anywhere
// in healthy output and are left out.

export interface RawReply {
  /** Everything before the prompt. */
  readonly text: string;
  /** Longer than any reply can be: its beginning was thrown away. */
  readonly overflowed: boolean;
}

const PROMPT = 0x3e;
/** The longest real reply (64 codes of 8 computers) stays below. */
const MAX_CHARS = 8_192;
export const FOREIGN = '\u00b7';

export function createReplySplitter(maxChars = MAX_CHARS) {
  let text = '';
  let overflowed = false;

  function take(byte: number): void {
    if (byte === 0) return;
    if (text.length >= maxChars) {
      text = '';
      overflowed = true;
    }
    text += byte === 0x0d || byte === 0x0a || (byte >= 0x20 && byte < 0x7f) ? String.fromCharCode(byte) : FOREIGN;
  }

  return {
    /** Takes what arrived and returns the replies it completed. */
    push(bytes: Uint8Array): RawReply[] {
      const replies: RawReply[] = [];
      for (const byte of bytes) {
        if (byte !== PROMPT) {
          take(byte);
          continue;
        }
        replies.push({ text, overflowed });
        text = '';
        overflowed = false;
      }
      return replies;
    },
    /** What arrived since the last prompt. */
    pending: (): string => text,
    clear(): void {
      text = '';
      overflowed = false;
    },
  };
}
