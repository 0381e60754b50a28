import { appendFileSync, renameSync, statSync } from 'node:fs';

const MAX_BYTES = 16 << 20;

/**
 * A log file that never takes more than twice 16 MB: when it is full it becomes FILE.1 and a new one begins. A line that
 * cannot be written (full disk) is dropped: logging must not stop what is logged.
 */
export function openLogFile(path) {
  let bytes = 0;
  try {
    bytes = statSync(path).size;
  } catch {}
  const tail = [];
  return {
    path,
    line(text) {
      tail.push(text);
      if (tail.length > 60) tail.shift();
      try {
        if (bytes > MAX_BYTES) {
          renameSync(path, `${path}.1`);
          bytes = 0;
        }
        appendFileSync(path, `${text}\n`);
        bytes += text.length + 1;
      } catch {}
    },
    /** The last lines as a person reads them: JSON log lines reduced to their message, stack traces left out. */
    lastWords(count = 6) {
      return tail.map(messageOf).filter(Boolean).slice(-count);
    },
  };
}

function messageOf(line) {
  if (/^\s+at |^— /.test(line)) return '';
  if (!line.startsWith('{')) return line.trim();
  try {
    const entry = JSON.parse(line);
    if (entry.level < 40) return '';
    return [entry.msg, entry.err?.message].filter(Boolean).join(': ');
  } catch {
    return '';
  }
}
