import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { startAgent } from './agent.ts';
import { type Config, readConfig } from './config/env.ts';
import { EnrolmentError, enrol } from './enrolment/enrol.ts';
import { findIdentity } from './enrolment/identity.ts';
import { makeSensor } from './fleet/make-sensor.ts';
import { PlannedBox } from './fleet/plan.ts';
import { findRecordings } from './recordings/find-recordings.ts';
import { createTally } from './recordings/tally.ts';
import { trueClock } from './sensors/clock.ts';
import { parseAddress } from './sensors/obd/transport/address.ts';
import { readStatus } from './status.ts';
import { createSiteClient } from './uplink/site-client.ts';
import { AGENT_VERSION } from './version.ts';

const HELP = `temoin-agent ${AGENT_VERSION}: the box in the vehicle

Usage:
  temoin-agent enrol CODE                  trade a one-time code for an identity
  temoin-agent run --replay FILE [--speed N|max]
  temoin-agent run --obd ADDRESS           read an ELM327 adapter: tcp://HOST:PORT, /dev/ttyUSB0, /dev/rfcomm0?baud=38400
  temoin-agent run --simulate SEED         send readings until stopped (SIGTERM ends it cleanly)
  temoin-agent replay FILE [--speed N|max] send a recorded drive, wait until it is acknowledged, end
  temoin-agent recordings PATH [--json]    list the recorded drives in a file or folder
  temoin-agent status [--json]             what this box has and has not sent
  temoin-agent --help | --version

Options:
  --dir DIR        the box's folder                     (TEMOIN_BOX_DIR, default /var/lib/temoin-agent)
  --site URL       address of the service; may be given several times, first choice first   (TEMOIN_SITES)

Other settings: TEMOIN_BATCH_MAX_AGE_MS (1000), TEMOIN_BATCH_MAX_READINGS (600), TEMOIN_OUTBOX_LIMIT_MB (256), TEMOIN_BOX_SERIAL.

Exit codes: 0 done · 1 failed · 2 wrong use · 3 not enrolled, or the enrolment was refused · 4 the service took not everything
`;

class UsageError extends Error {}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  json: { type: 'boolean' },
  dir: { type: 'string' },
  site: { type: 'string', multiple: true },
  replay: { type: 'string' },
  obd: { type: 'string' },
  simulate: { type: 'string' },
  speed: { type: 'string' },
} as const;

type Values = ReturnType<typeof parse>['values'];

function parse() {
  try {
    return parseArgs({ allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parse();
  const [command, argument] = positionals;
  if (values.version) return print(AGENT_VERSION);
  if (values.help || command === undefined) return print(HELP.trimEnd(), command === undefined && !values.help ? 2 : 0);
  const config = {
    ...readConfig(),
    ...(values.dir ? { folder: resolve(values.dir) } : {}),
    ...(values.site ? { sites: values.site } : {}),
  };
  switch (command) {
    case 'enrol':
      return enrolCommand(config, argument);
    case 'run':
      return runCommand(config, plannedSensor(values, values.replay), false);
    case 'replay':
      return runCommand(config, plannedSensor(values, argument), true);
    case 'recordings':
      return recordingsCommand(argument, values.json === true);
    case 'status':
      return statusCommand(config, values.json === true);
    default:
      throw new UsageError(`There is no command ${command}.`);
  }
}

function print(text: string, code = 0): number {
  process.stdout.write(`${text}\n`);
  return code;
}

async function enrolCommand(config: Config, code: string | undefined): Promise<number> {
  if (!code) throw new UsageError('enrol needs the one-time code.');
  if (config.sites.length === 0) throw new UsageError('enrol needs --site URL or TEMOIN_SITES.');
  const identity = await enrol({
    folder: config.folder,
    sites: config.sites,
    code,
    serial: config.serial,
    agentVersion: AGENT_VERSION,
  });
  return print(`This box is ${identity.boxId}, in ${identity.vehicleLabel}.`);
}

function plannedSensor(values: Values, file: string | undefined): PlannedBox['sensor'] {
  if (file !== undefined) {
    const path = resolve(file);
    if (!existsSync(path)) throw new UsageError(`There is no ${path}.`);
    const speed = values.speed === undefined || values.speed === 'max' ? (values.speed ?? 1) : Number(values.speed);
    const parsed = PlannedBox.shape.sensor.safeParse({ kind: 'replay', path, speed });
    if (!parsed.success) throw new UsageError('--speed is a number above 0, or max.');
    return parsed.data;
  }
  if (values.obd !== undefined) {
    try {
      parseAddress(values.obd);
      return { kind: 'obd', address: values.obd };
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  }
  if (values.simulate === undefined)
    throw new UsageError('Say what to send: --obd ADDRESS, --replay FILE or --simulate SEED.');
  const parsed = PlannedBox.shape.sensor.safeParse({ kind: 'simulator', seed: Number(values.simulate) });
  if (!parsed.success) throw new UsageError('--simulate needs a whole number.');
  return parsed.data;
}

async function runCommand(config: Config, sensor: PlannedBox['sensor'], once: boolean): Promise<number> {
  const identity = await findIdentity(config.folder);
  if (!identity)
    throw new EnrolmentError(
      'not_enrolled',
      `The box in ${config.folder} is not enrolled. Run: temoin-agent enrol CODE`,
    );
  const log = pino({ base: { box: identity.boxId } }, pino.destination({ fd: 2, sync: true }));
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  const client = createSiteClient();
  const tally = createTally();
  const planned = PlannedBox.parse({ label: identity.vehicleLabel, dir: config.folder, sensor });
  let refused = 0;
  let failed = false;
  const agent = await startAgent({
    folder: config.folder,
    identity,
    ...(config.sites.length > 0 ? { sites: config.sites } : {}),
    client,
    limits: { ...config.batch, maxBytes: 256 * 1024 },
    outboxLimitBytes: config.outboxLimitBytes,
    report(event) {
      if (event.kind === 'batch_refused') refused += 1;
      if (event.kind === 'sensor_failed') failed = true;
      const { kind, ...detail } = event;
      if (kind === 'acknowledged') log.debug(detail, kind);
      else log.info(detail, kind);
    },
    sensors: async (bookmarks) => [await makeSensor(planned, bookmarks, trueClock, tally)],
  });
  const stopped = new Promise<void>((done) => stop.signal.addEventListener('abort', () => done(), { once: true }));
  if (once) {
    await Promise.race([agent.sensorsEnded, stopped]);
    await agent.drained(stop.signal);
  } else await stopped;
  await agent.stop();
  await client.close();
  if (once)
    print(
      JSON.stringify({
        label: identity.vehicleLabel,
        batches: agent.outbox.head().nextSeq,
        batchesRefused: refused,
        ...tally.report(),
      }),
    );
  if (failed || (once && stop.signal.aborted)) return 1;
  return refused > 0 ? 4 : 0;
}

async function recordingsCommand(path: string | undefined, json: boolean): Promise<number> {
  if (!path) throw new UsageError('recordings needs a file or a folder.');
  if (!existsSync(path)) throw new UsageError(`There is no ${resolve(path)}.`);
  const { recordings, skipped } = await findRecordings(resolve(path));
  const list = recordings.map(({ label, path: file, form, bytes }) => ({ label, path: file, form, bytes }));
  if (json) return print(JSON.stringify({ recordings: list, skipped }));
  for (const { label, form, path: file } of list) print(`${label}  ${form}  ${file}`);
  for (const { file, reason } of skipped) print(`skipped ${file}: ${reason}`);
  return list.length > 0 ? 0 : 1;
}

async function statusCommand(config: Config, json: boolean): Promise<number> {
  if (!existsSync(config.folder)) throw new UsageError(`There is no ${config.folder}.`);
  const status = await readStatus(config.folder);
  if (json) return print(JSON.stringify(status));
  for (const [name, value] of Object.entries(status))
    print(`${name.padEnd(16)} ${Array.isArray(value) ? value.join(', ') : (value ?? '–')}`);
  return status.boxId ? 0 : 3;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    if (error instanceof UsageError) process.stderr.write('temoin-agent --help tells more.\n');
    process.exitCode = error instanceof UsageError ? 2 : error instanceof EnrolmentError ? 3 : 1;
  },
);
