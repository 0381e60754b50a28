import { createEpochs, type Fix } from '../nmea/epoch.ts';
import { parseSentence } from '../nmea/sentence.ts';
import { readLineBlocks } from './read-lines.ts';
import { judgeRow, type Row } from './recording.ts';

/**
 * Rows of an NMEA log. A row is what the receiver said about one instant (all sentences of an epoch), or one line that is no
 * sentence or whose checksum fails. Lines beginning with `#` and sentences about other things are no rows. An epoch before
 * the first date is refused as `clock_unknown`; dates are kept as the receiver gave them, however old.
 */
export async function* readNmeaRows(path: string): AsyncGenerator<Row> {
  const epochs = createEpochs();
  let row = 0;
  const judge = (fix: Fix): Row => {
    row += 1;
    return fix.at === undefined ? { row, refused: 'clock_unknown' } : judgeRow(row, fix.at, fix.values);
  };
  for await (const block of readLineBlocks(path, 'latin1')) {
    for (const line of block) {
      const text = line.text.trim();
      if (text === '' || text.startsWith('#')) continue;
      // `!` opens sentences that wrap other data (AIS): well formed, but not ours.
      if (text.startsWith('!')) continue;
      const sentence = line.cut ? undefined : parseSentence(text);
      if (sentence) {
        const ended = epochs.push(sentence);
        if (ended) yield judge(ended);
      } else {
        row += 1;
        yield { row, refused: 'row_unreadable' };
      }
    }
  }
  const last = epochs.finish();
  if (last) yield judge(last);
}
