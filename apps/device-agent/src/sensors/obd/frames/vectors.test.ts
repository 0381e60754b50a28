import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS, type MetricKey } from '@temoin/shared/metrics';
import { expect, it } from 'vitest';
import { describeWith, needs } from '../../../../../../testing/needs.ts';
import { faultCodes } from '../answers/fault-codes.ts';
import { METRICS_BY_REQUEST } from '../answers/readings.ts';
import { type Matched, matchMessages, parseRequest } from '../answers/request.ts';
import { supportedPids } from '../answers/supported.ts';
import { vinOf } from '../answers/vin.ts';
import { readReply } from '../line/reply.ts';
import { assemble } from './assemble.ts';
import { hex, hexBytes } from './hex.ts';
import type { LineForm } from './message.ts';

// Replies of real cars and of the test suites of other readers, with the values that these expect. Every row is looked at:
// the last test counts them. What the catalogue does not hold (lambda, rail pressure …) has its formula here, so for those
// rows it is the way from reply to data bytes that is tested.

interface Row {
  readonly id: string;
  readonly raw: string;
  readonly request: string | null;
  readonly field: string;
  readonly expected: unknown;
  readonly tolerance: number;
}

interface Framing {
  readonly id: string;
  readonly lines: string[];
  readonly protocol: string;
  readonly messages: { ecu: string; data: string }[];
  readonly note: string;
}

const METRIC_OF: Readonly<Record<string, MetricKey>> = {
  module_voltage: 'moduleVoltageV',
  timing_advance: 'timingAdvanceDeg',
  mil: 'milOn',
  dtc_count: 'dtcCount',
  distance_mil_on: 'milDistanceKm',
  distance_since_clear: 'clearedDistanceKm',
  speed: 'obdSpeedKmh',
  rpm: 'rpm',
  maf: 'massAirFlowGps',
  engine_runtime: 'engineRunTimeS',
  engine_load: 'engineLoadPct',
  absolute_load: 'absoluteLoadPct',
  throttle: 'throttlePct',
  fuel_rate: 'fuelRateLph',
  fuel_type: 'fuelType',
  fuel_level: 'fuelLevelPct',
  fuel_trim: 'shortFuelTrimPct',
  baro_pressure: 'barometricPressureKpa',
  intake_pressure: 'intakePressureKpa',
  intake_air_temp: 'intakeAirTempC',
  coolant_temp: 'coolantTempC',
  oil_temp: 'oilTempC',
  ambient_temp: 'ambientTempC',
};

const A = (d: readonly number[]) => d[0] ?? Number.NaN;
const AB = (d: readonly number[]) => A(d) * 256 + (d[1] ?? Number.NaN);
const NOT_IN_CATALOGUE: Readonly<Record<string, (d: readonly number[]) => number>> = {
  time_mil_on: AB,
  time_since_clear: AB,
  commanded_egr: (d) => (A(d) * 100) / 255,
  relative_throttle: (d) => (A(d) * 100) / 255,
  egr_error: (d) => ((A(d) - 128) * 100) / 128,
  cmd_equiv_ratio: (d) => AB(d) / 32_768,
  fuel_air_equiv_ratio: (d) => AB(d) / 32_768,
  fuel_pressure: (d) => A(d) * 3,
  fuel_rail_pressure: (d) => (d.length < 2 ? A(d) : AB(d)) * 0.079,
  fuel_rail_gauge_pressure: (d) => AB(d) * 10,
};

/** Names of the enumeration of 0151, as the rows write them. */
const FUELS: Readonly<Record<string, number>> = {
  Gasoline: 1,
  Methanol: 2,
  Ethanol: 3,
  Diesel: 4,
  'Natural Gas': 6,
  'Biodiesel + Propane': 14,
  'Biodiesel + Electric': 15,
  'Hybrid Ethanol': 18,
  'Hybrid Electric': 20,
  'Hybrid Regenerative': 22,
  Unknown: 255,
};

const FAULT_FIELDS = ['dtcs', 'pending_dtcs', 'permanent_dtcs'];

describeWith(['recordings'], 'replies of real cars', () => {
  const folder = join(needs('recordings').path, 'elm-vectors');
  const read = <T>(name: string): T[] => {
    if (!needs('recordings').available) return [];
    const lines = readFileSync(join(folder, name), 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
  };
  const rows = read<Row>('responses.ndjson');
  const framings = read<Framing>('framing.ndjson');

  const replyTo = ({ request, raw }: Row) => {
    const asked = parseRequest(request ?? '0100');
    const reply = readReply(asked.text, raw.replace('>', ''));
    const { messages } = assemble(reply.lines, asked.mode, 'bare');
    return { reply, messages, matched: matchMessages(asked, messages) };
  };
  const dataOf = ({ answers }: Matched) => answers[0]?.data ?? [];

  let looked = 0;
  for (const row of rows) {
    const title = `${row.id} ${row.field} ${JSON.stringify(row.raw)} → ${JSON.stringify(row.expected)}`;

    if (row.field === 'supported_pids')
      it(title, () => {
        looked += 1;
        // Which mask it is is not in the row: its first PID says it.
        const [first = '01'] = row.expected as string[];
        const base = Math.floor((Number.parseInt(first, 16) - 1) / 32) * 32;
        const pids = supportedPids(base, hexBytes(row.raw) ?? []);
        expect(pids.map((pid) => hex([pid]))).toEqual(row.expected);
      });
    else if (row.field === 'error')
      it(title, () => {
        looked += 1;
        const { reply, matched } = replyTo(row);
        expect(matched.answers).toEqual([]);
        const said = matched.refusals.length > 0 ? 'UnsupportedCommand' : undefined;
        const words = reply.notices.has('no_data')
          ? 'NoData'
          : reply.notices.has('ok')
            ? 'NonNumericResponse'
            : undefined;
        expect(said ?? words).toBe(row.expected);
      });
    else if (row.field === 'vin')
      it(title, () => {
        looked += 1;
        expect(vinOf(dataOf(replyTo(row).matched))).toBe(row.expected);
      });
    else if (FAULT_FIELDS.includes(row.field))
      it(title, () => {
        looked += 1;
        const { answers } = replyTo(row).matched;
        expect(answers.flatMap(({ data }) => faultCodes(data) ?? ['unreadable'])).toEqual(row.expected);
      });
    else
      it(title, () => {
        looked += 1;
        const { matched, messages } = replyTo(row);
        let data = dataOf(matched);
        const [mode = 0, pid] = messages[0]?.data ?? [];
        if (pid !== parseRequest(row.request ?? '').pid) {
          // Some rows answer another PID than the one asked. We take no value from them; the formula is right all the same.
          expect(matched).toMatchObject({ answers: [], strangers: 1 });
          data = messages[0]?.data.slice(2) ?? [];
        }
        expect(mode).toBe(0x41);
        expect(distance(row, data)).toBeLessThanOrEqual(row.tolerance);
      });
  }

  /** How far what we read is from what is expected. */
  function distance({ field, request, expected }: Row, data: readonly number[]): number {
    const key = METRIC_OF[field];
    const other = NOT_IN_CATALOGUE[field];
    if (other) return Math.abs(other(data) - (expected as number));
    if (!key) throw new Error(`unknown field ${field}`);
    if (request && request !== '0106') expect(METRICS_BY_REQUEST.get(request)).toContain(key);
    const value = METRICS[key].obd?.decode(data) ?? Number.NaN;
    expect(data.length).toBeGreaterThanOrEqual(METRICS[key].obd?.bytes ?? 1);
    if (field === 'fuel_type') return Math.abs(value - (FUELS[expected as string] ?? Number.NaN));
    if (field === 'engine_runtime') {
      const [h = 0, m = 0, s = 0] = (expected as string).split(':').map(Number);
      return Math.abs(value - (h * 3600 + m * 60 + s));
    }
    return Math.abs(value - Number(expected));
  }

  for (const { id, lines, protocol, messages, note } of framings)
    it(`${id} ${note}`, () => {
      looked += 1;
      const form: LineForm = protocol.startsWith('CAN') ? 'can11' : 'legacy';
      const mode = lines.join(' ').includes('49 0') ? 0x09 : 0x01;
      const { lines: left } = readReply('', lines.join('\r'));
      const got = assemble(left, mode, form).messages.map(({ ecu, data }) => ({ ecu, data: hex(data) }));
      // It announces 32 bytes and carries 27: the row allows to take or to drop it. We drop it.
      expect(got).toEqual(id === 'f009' ? [] : messages);
      if (id !== 'f009') expect(assemble(left, mode, 'any').messages.length).toBe(messages.length);
    });

  it('looked at every row', () => {
    expect(looked).toBe(rows.length + framings.length);
    expect(looked).toBeGreaterThan(180);
  });
});
