import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { superviseChild } from './child.mjs';
import { Complaint } from './options.mjs';
import { operate } from './service.mjs';

// Which boxes drive, as a plan for the fleet process: the demonstration's vehicles on the simulator, or one box a recording.
// A box keeps its folder between starts, and with it its identity, its numbers and what it has not sent yet.

// Who drives when, so that at any hour about every third vehicle is under way: working vehicles by day and by night, and
// people who only drive to work or to the shops.
const USES = [
  { use: 'taxi' },
  { use: 'commuter' },
  { use: 'rounds', shiftH: 12 },
  { use: 'taxi', shiftH: 12 },
  { use: 'rounds' },
  { use: 'errands' },
  { use: 'rounds', shiftH: 6 },
  { use: 'commuter' },
];
// What goes wrong in the demonstration, minutes after its first start, so that alarms can be seen: the vehicles by number.
const INCIDENTS = { 3: ['overheating', 2], 8: ['unplugged', 1], 16: ['crash', 3] };
const CARS = {
  diesel: { drivetrain: 'diesel', massKg: 1450, powerKw: 85, tank: 52 },
  petrol: { drivetrain: 'petrol', massKg: 1180, powerKw: 74, tank: 44 },
  electric: { drivetrain: 'electric', massKg: 1620, powerKw: 100, tank: 52 },
};

const folderOf = (dataFolder, label) =>
  join(
    dataFolder,
    'boxes',
    label
      .replace(/[^\p{L}\p{N}._-]+/gu, '_')
      .replace(/^\.+/, '_')
      .slice(0, 80) || '_',
  );
const isEnrolled = (folder) => existsSync(join(folder, 'identity.json'));

/** The plan of the demonstration; every vehicle drives the same way at each start, by its number. */
export async function planDemo(dataFolder, address) {
  const began = await beginning(dataFolder);
  const vehicles = JSON.parse(await readFile(join(dataFolder, 'demo/fleet.json'), 'utf8'));
  const boxes = vehicles.map(({ label, code, ...vehicle }, index) => ({
    label,
    dir: folderOf(dataFolder, label),
    code,
    vehicle,
    serial: `TM-${String(417 + index * 7).padStart(5, '0')}`,
    sensor: {
      kind: 'simulator',
      seed: 6700 + index,
      ...USES[index % USES.length],
      ...(index % 9 === 5 ? { storedCodes: ['P0401'] } : {}),
      ...(INCIDENTS[index]
        ? { incident: { kind: INCIDENTS[index][0], at: began + INCIDENTS[index][1] * 60_000 } }
        : {}),
      car: CARS[
        /electric|électrique/i.test(vehicle.fuel) ? 'electric' : /diesel/i.test(vehicle.fuel) ? 'diesel' : 'petrol'
      ],
    },
  }));
  return { site: address, boxes };
}

/** When the demonstration of this data folder first started, ms UTC; kept, so that its incidents happen once. */
async function beginning(dataFolder) {
  const file = join(dataFolder, 'demo/began.json');
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')).at;
  const at = Date.now();
  await writeFile(file, JSON.stringify({ at }), { mode: 0o600 });
  return at;
}

/** One box for each recorded drive below `path`, enrolled into a vehicle of the same name. */
export async function planReplay({ root, dataFolder, address, path, speed, say }) {
  const { recordings, skipped } = await listRecordings(root, path);
  if (recordings.length === 0) {
    const why = skipped.length > 0 ? ` (${skipped[0].file}: ${skipped[0].reason})` : '';
    throw new Complaint(`There is no recorded drive in ${path}${why}. Known forms: CSV, GPX, NMEA, NDJSON.`);
  }
  if (skipped.length > 0) say(`${skipped.length} files in ${path} are no recorded drives and are left out.`);
  const boxes = recordings.map(({ label, path: file }) => ({
    label,
    dir: folderOf(dataFolder, label),
    sensor: { kind: 'replay', path: file, speed },
  }));
  const strangers = boxes.filter((box) => !isEnrolled(box.dir)).map((box) => box.label);
  const codes =
    strangers.length > 0 ? await operate(address, dataFolder, 'POST', '/replay-vehicles', { labels: strangers }) : [];
  for (const { vehicle, code } of codes) boxes.find((box) => box.label === vehicle).code = code;
  return { site: address, boxes };
}

async function listRecordings(root, path) {
  const agent = join(root, 'apps/device-agent/dist/main.js');
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [agent, 'recordings', path, '--json'], {
      maxBuffer: 64 << 20,
    });
    return JSON.parse(stdout);
  } catch (error) {
    throw new Complaint(`${path} cannot be read: ${(error.stderr || error.message).trim().split('\n')[0]}`);
  }
}

/** Starts the fleet process on a plan. `onEvent` gets what it says, one object a line. */
export async function startFleet({ root, dataFolder, plan, say, onEvent, restart = true }) {
  await mkdir(join(dataFolder, 'demo'), { recursive: true });
  const file = join(dataFolder, 'demo/plan.json');
  await writeFile(`${file}.new`, JSON.stringify(plan, null, 1), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return superviseChild({
    name: 'fleet',
    file: join(root, 'apps/device-agent/dist/fleet.js'),
    args: [file],
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
    logPath: join(dataFolder, 'logs/fleet.log'),
    keepInLog: (line) => !line.startsWith('{"event":"progress"'),
    onLine: (line) => {
      if (!onEvent || !line.startsWith('{')) return;
      try {
        onEvent(JSON.parse(line));
      } catch {
        // A line cut short by a kill is no event.
      }
    },
    onRestart: ({ code, signal }) =>
      say(
        `The boxes' process ended (${signal ?? code}) and is started again; see ${join(dataFolder, 'logs/fleet.log')}`,
      ),
    restart,
  });
}
