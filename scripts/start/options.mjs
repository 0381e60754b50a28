import { parseArgs } from 'node:util';

export const HELP = `Temoin: fleet telematics, started whole on this machine.

Usage: npm start -- [options]

  --port N        Port of the web app and of the service (default 8480)
  --host ADDRESS  Address to listen on (default 127.0.0.1; :: or 0.0.0.0 for all)
  --data DIR      Folder that keeps everything (default .temoin)
  --vehicles N    How many vehicles the demonstration drives (default 25, 0 to 1000)
  --replay PATH   Drive a recording instead: a file or a folder of CSV, GPX, NMEA or NDJSON.
                  Each drive becomes a vehicle named after its file.
  --speed X       Time lapse of --replay, for example 20; "max" as fast as it goes (default 1)
  --once          With --replay: wait until every reading is stored and shown, print one line
                  per drive, stop, and exit 0 only if they add up
  --no-demo       No demonstration insurer and no vehicles
  --fresh         Forget what is in the data folder and begin anew
  --no-open       Do not open a browser
  --help          Show this

The data folder is kept between starts. Stores other than the embedded ones are chosen in the
environment (DATABASE_URL, TEMOIN_SERIES, TEMOIN_BLOBS, TEMOIN_LOG …): see .env.example.`;

/** A sentence for a person about what to change; printed without a stack trace. */
export class Complaint extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'Complaint';
    this.exitCode = exitCode;
  }
}

const usage = (message) => new Complaint(`${message}\nnpm start -- --help lists all options.`, 2);

const DECLARED = {
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  vehicles: { type: 'string' },
  replay: { type: 'string' },
  speed: { type: 'string' },
  once: { type: 'boolean' },
  'no-demo': { type: 'boolean' },
  fresh: { type: 'boolean' },
  'no-open': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};

/** Reads the command line; throws a `Complaint` with exit code 2 on a wrong one. Environment stands in for what is not given. */
export function readOptions(args, env = {}) {
  let values;
  try {
    ({ values } = parseArgs({ args, options: DECLARED, allowPositionals: false }));
  } catch (error) {
    throw usage(error.message.split('. To specify')[0]);
  }
  const whole = (name, text, min, max) => {
    if (!/^\d{1,6}$/.test(text) || Number(text) < min || Number(text) > max) {
      throw usage(`--${name} takes a whole number from ${min} to ${max}, not "${text}".`);
    }
    return Number(text);
  };
  const speed = values.speed ?? '1';
  if (speed !== 'max' && !(Number(speed) > 0 && Number(speed) <= 100_000)) {
    throw usage(`--speed takes a number above 0 (20 = twenty times as fast) or "max", not "${speed}".`);
  }
  if (values.once && !values.replay) throw usage('--once needs --replay PATH: it waits for the end of a recording.');
  if (values.speed && !values.replay)
    throw usage('--speed needs --replay PATH: the demonstration drives in real time.');
  return {
    help: values.help ?? false,
    port: whole('port', values.port ?? env.TEMOIN_PORT ?? '8480', 1, 65_535),
    host: values.host ?? env.TEMOIN_HOST ?? '127.0.0.1',
    data: values.data ?? env.TEMOIN_DATA ?? '.temoin',
    vehicles: whole('vehicles', values.vehicles ?? '25', 0, 1000),
    replay: values.replay,
    speed: speed === 'max' ? 'max' : Number(speed),
    once: values.once ?? false,
    demo: !values['no-demo'],
    fresh: values.fresh ?? false,
    open: !values['no-open'] && !values.once,
  };
}
