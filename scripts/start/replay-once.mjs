import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFleet } from './fleet.mjs';
import { Complaint } from './options.mjs';
import { operate } from './service.mjs';

/** Projections that have not moved for this long while they are behind will not come any more. */
const STUCK_MS = 120_000;

/**
 * Replays a plan to its end, waits until all of it is acknowledged and projected, and prints one line a drive. Resolves with
 * the exit code: 0 only when for every drive rows read = stored + refused, the service stored what the box sent, and no
 * batch is missing.
 */
export async function replayOnce({ root, dataFolder, address, plan, say, stops }) {
  const reportFile = join(dataFolder, 'demo/report.json');
  await mkdir(join(dataFolder, 'demo'), { recursive: true });
  await rm(reportFile, { force: true });
  const progress = createProgress(plan, say);
  const fleet = await startFleet({
    root,
    dataFolder,
    plan: { ...plan, once: true, report: reportFile, batch: { maxReadings: 600, maxAgeMs: 1000 } },
    say,
    onEvent: progress.onEvent,
    // Exit code 1 is its answer (something was refused); a signal is an accident and is tried again.
    restart: ({ signal }) => signal !== null,
  });
  stops.push(() => fleet.stop());
  const { code } = await fleet.ended;
  progress.stop();
  const report = await readFile(reportFile, 'utf8')
    .then(JSON.parse)
    .catch(() => undefined);
  if (!report)
    throw new Complaint(`The replay ended without a report (exit code ${code}):\n${fleet.log.lastWords(5).join('\n')}`);
  await allProjected(address, dataFolder);

  const labels = report.boxes.map((box) => box.label);
  const stored = await operate(address, dataFolder, 'POST', '/drives', { labels });
  const lines = report.boxes.map((box, i) => compare(box, stored[i]));
  say(`\n${tableOf(lines)}\n`);
  const bad = lines.filter((line) => !line.ok);
  for (const { label, why } of bad) say(`${label}: ${why}`);
  say(
    bad.length === 0 ? `All ${lines.length} drives add up.` : `${bad.length} of ${lines.length} drives do NOT add up.`,
  );
  return bad.length === 0 ? 0 : 1;
}

/** One line: what the box read beside what the service has. */
export function compare(box, drive) {
  const refused = sum(box.refused) + drive.refusedReadings;
  const reasons = Object.entries({ ...box.refused });
  for (const [code, count] of Object.entries(drive.refusals)) reasons.push([code, count]);
  const problems = [];
  if (box.error) problems.push(box.error);
  if (box.batchesRefused > 0) problems.push(`${box.batchesRefused} batches were refused`);
  if (box.rowsRead !== drive.inSeries + refused)
    problems.push(`${box.rowsRead} rows read, but ${drive.inSeries} stored and ${refused} refused`);
  if (drive.stored !== drive.inSeries)
    problems.push(`${drive.stored} readings acknowledged, but ${drive.inSeries} in the time series`);
  if (drive.holes > 0) problems.push(`${drive.holes} holes in the batch numbers`);
  return {
    label: box.label,
    read: box.rowsRead,
    stored: drive.inSeries,
    refused,
    reasons: reasons.map(([code, count]) => `${code} ${count}`).join(', '),
    holes: drive.holes,
    km: drive.km.toFixed(3),
    ok: problems.length === 0,
    why: problems.join('; '),
  };
}

const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);

function tableOf(lines) {
  const head = ['drive', 'rows read', 'stored', 'refused', 'holes', 'km', 'refused because'];
  const rows = [
    head,
    ...lines.map((line) => [
      line.label,
      line.read,
      line.stored,
      line.refused,
      line.holes,
      line.km,
      line.reasons || '–',
    ]),
  ].map((row) => row.map(String));
  const widths = head.map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 || i === 6 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

async function allProjected(address, dataFolder) {
  let before = '';
  let movedAt = Date.now();
  for (;;) {
    const status = await operate(address, dataFolder, 'GET', '/status');
    if (status.caughtUp) return;
    const now = JSON.stringify(status.projections);
    if (now !== before) movedAt = Date.now();
    before = now;
    if (Date.now() - movedAt > STUCK_MS) {
      const late = status.projections
        .filter((projection) => projection.behind > 0)
        .map((projection) => projection.name);
      throw new Complaint(
        `Everything is acknowledged, but ${late.join(', ')} stopped reading the log; see ${join(dataFolder, 'logs/service.log')}`,
      );
    }
    await sleep(150);
  }
}

/** A line every few seconds about how far the drives are, taken together. */
function createProgress(plan, say) {
  const drives = new Map();
  let said = '';
  const timer = setInterval(() => {
    let rows = 0;
    let acknowledged = 0;
    for (const drive of drives.values()) {
      rows += drive.rowsRead ?? 0;
      acknowledged += drive.acknowledged ?? 0;
    }
    const text = `${drives.size} of ${plan.boxes.length} drives under way: ${rows} rows read, ${acknowledged} readings acknowledged`;
    if (text !== said && rows > 0) say(text);
    said = text;
  }, 3_000);
  return {
    onEvent: (event) => {
      if (event.event === 'progress') drives.set(event.label, event);
      else if (event.event === 'failed') say(`${event.label}: ${event.message}`);
    },
    stop: () => clearInterval(timer),
  };
}
