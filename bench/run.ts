import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Bench, Measure } from './bench.ts';

const BENCHES: Record<string, { about: string; load: () => Promise<Bench> }> = {
  codec: {
    about: 'bytes a record on the wire, beside JSON, JSON+gzip and the change bitmap',
    load: async () => (await import('./codec.ts')).codec,
  },
  ingest: {
    about: 'records a second through HTTP, signed, deduplicated, durable; beside a plain insert handler',
    load: async () => (await import('./ingest.ts')).ingest,
  },
  live: {
    about: 'from box to open map with 1,000 vehicles at 1 Hz and 20 maps; beside one emit per reading',
    load: async () => (await import('./live.ts')).live,
  },
  series: {
    about: 'a chart of one day at 1 Hz, beside reading all rows from PostgreSQL',
    load: async () => (await import('./series.ts')).series,
  },
};

const USAGE = `npm run bench -- NAME [--input PATH] [--json FILE]

${Object.entries(BENCHES)
  .map(([name, { about }]) => `  ${name.padEnd(8)} ${about}`)
  .join('\n')}

  --input PATH  recorded drives (a file or a folder) in place of simulated ones, where the benchmark takes drives
  --json FILE   also write the measures as JSON
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { input: { type: 'string' }, json: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
});
const name = positionals[0] ?? '';
const chosen = BENCHES[name];
if (values.help || !chosen) {
  process.stdout.write(USAGE);
  process.exit(values.help ? 0 : 2);
}

const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new Error('stopped by Ctrl-C')));
const bench = await chosen.load();
try {
  const measures = await bench({
    ...(values.input === undefined ? {} : { input: values.input }),
    signal: stop.signal,
    progress: (text) => process.stderr.write(`${text}\n`),
  });
  process.stdout.write(table(measures));
  if (values.json) {
    const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
    writeFileSync(
      values.json,
      `${JSON.stringify({ name, at: new Date().toISOString(), machine, measures }, null, 2)}\n`,
    );
  }
} catch (error) {
  process.stderr.write(`${stop.signal.aborted ? 'Stopped.' : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = stop.signal.aborted ? 130 : 1;
}

function table(measures: readonly Measure[]): string {
  const number = (value: number | undefined) =>
    value === undefined ? '' : value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 });
  const rows = measures.map((m) => [
    m.key,
    `${number(m.value)} ${m.unit}`,
    m.goal === undefined ? '' : `${m.better === 'lower' ? '≤' : '≥'} ${number(m.goal)}`,
    m.goal === undefined ? '' : (m.better === 'lower' ? m.value <= m.goal : m.value >= m.goal) ? 'met' : 'MISSED',
    m.against ? `${m.against.key} ${number(m.against.value)}` : '',
    m.ratio === undefined ? '' : `${number(m.ratio)} × better`,
  ]);
  const head = ['measure', 'value', 'goal', '', 'against', 'ratio'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  return `${[head, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`;
}
