import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

// Which real servers took part: every test that asks for one leaves the answer in a folder (testing/needs.ts), which is
// emptied before a run and read after it.

const folderOf = (root) => join(root, 'node_modules/.cache/temoin-test/servers');

const TITLES = {
  influxd: 'InfluxDB 1.8',
  influxd2: 'InfluxDB 2',
  seaweedfs: 'SeaweedFS (S3)',
  nats: 'NATS JetStream',
  elm: 'ELM327 emulator',
  chromium: 'Chromium',
  ffmpeg: 'FFmpeg',
  mediamtx: 'MediaMTX',
  recordings: 'recorded drives',
};

/** Forgets the answers of earlier runs. */
export function forgetServers(root) {
  rmSync(folderOf(root), { recursive: true, force: true });
  mkdirSync(folderOf(root), { recursive: true });
}

/** Lines for the end of a run: which servers took part, which did not and why. */
export function serversThatTookPart(root) {
  const answers = readdirSync(folderOf(root))
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folderOf(root), name), 'utf8')));
  const titleOf = ({ name }) => TITLES[name] ?? name;
  const there = answers.filter((answer) => answer.available);
  const absent = answers.filter((answer) => !answer.available);
  return [
    'Took part: PostgreSQL 18 (embedded), DuckDB (embedded)',
    ...there.map((answer) => `Took part: ${titleOf(answer)} (${answer.path})`),
    ...absent.map((answer) => `Not run:   ${titleOf(answer)}: ${answer.reason}`),
  ];
}
