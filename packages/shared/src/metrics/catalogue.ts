import type { Metric, ObdSource } from './metric.ts';

// The metric catalogue: every value that a box may send, named once. Validation, codec, charts, exports and documentation
// read it; a new sensor is one entry here and one file on the box. OBD formulas: SAE J1979 (ISO 15031-5), service 01.

const obd = (request: string, bytes: number, formula: string, decode: ObdSource['decode']): ObdSource => ({
  request,
  bytes,
  formula,
  decode,
});
const byteA = (d: readonly number[]) => d[0] ?? 0;
const wordAB = (d: readonly number[]) => (d[0] ?? 0) * 256 + (d[1] ?? 0);
const percentA = (d: readonly number[]) => (byteA(d) * 100) / 255;
const celsiusA = (d: readonly number[]) => byteA(d) - 40;
const trimA = (d: readonly number[]) => ((byteA(d) - 128) * 100) / 128;

const EVERY_ROUND_MS = 5_000;
const SLOW_MS = 60_000;
const ONCE_A_DRIVE_MS = 600_000;

const position = (rest: Omit<Metric, 'group' | 'kind' | 'freshForMs'>): Metric => ({
  ...rest,
  group: 'position',
  kind: 'number',
  freshForMs: 15_000,
});
const engine = (rest: Omit<Metric, 'group' | 'kind'>): Metric => ({ ...rest, group: 'engine', kind: 'number' });

const entries = {
  lat: position({ id: 1, unit: '°', scale: 1e7, min: -90, max: 90, decimals: 5, label: { fr: 'Latitude', en: 'Latitude' } }),
  lon: position({ id: 2, unit: '°', scale: 1e7, min: -180, max: 180, decimals: 5, label: { fr: 'Longitude', en: 'Longitude' } }),
  altitudeM: position({ id: 3, unit: 'm', scale: 10, min: -500, max: 9000, decimals: 0, label: { fr: 'Altitude', en: 'Altitude' } }),
  gpsSpeedKmh: position({ id: 4, unit: 'km/h', scale: 10, min: 0, max: 400, decimals: 0, gauge: [0, 200], label: { fr: 'Vitesse GPS', en: 'GPS speed' } }),
  courseDeg: position({ id: 5, unit: '°', scale: 10, min: 0, max: 360, decimals: 0, label: { fr: 'Cap', en: 'Course' } }),
  satellites: position({ id: 6, unit: '', scale: 1, min: 0, max: 64, decimals: 0, label: { fr: 'Satellites', en: 'Satellites' } }),
  hdop: position({ id: 7, unit: '', scale: 100, min: 0, max: 99.99, decimals: 1, label: { fr: 'Dilution horizontale', en: 'Horizontal dilution' } }),
  vdop: position({ id: 8, unit: '', scale: 100, min: 0, max: 99.99, decimals: 1, label: { fr: 'Dilution verticale', en: 'Vertical dilution' } }),
  pdop: position({ id: 9, unit: '', scale: 100, min: 0, max: 99.99, decimals: 1, label: { fr: 'Dilution de position', en: 'Position dilution' } }),
  fixMode: { ...position({ id: 10, unit: '', scale: 1, min: 0, max: 3, decimals: 0, label: { fr: 'Mode du point', en: 'Fix mode' } }), kind: 'mode' },
  positionAccuracyM: position({ id: 11, unit: 'm', scale: 10, min: 0, max: 10_000, decimals: 0, label: { fr: 'Précision de position', en: 'Position accuracy' } }),

  obdSpeedKmh: engine({ id: 20, unit: 'km/h', scale: 10, min: 0, max: 300, decimals: 0, gauge: [0, 200], freshForMs: EVERY_ROUND_MS, label: { fr: 'Vitesse', en: 'Speed' }, obd: obd('010D', 1, 'A', byteA) }),
  rpm: engine({ id: 21, unit: 'rpm', scale: 4, min: 0, max: 16_383.75, decimals: 0, gauge: [0, 5000], normal: [700, 3000], danger: { above: 4600 }, freshForMs: EVERY_ROUND_MS, label: { fr: 'Régime', en: 'Engine speed' }, obd: obd('010C', 2, '(256A+B)/4', (d) => wordAB(d) / 4) }),
  engineLoadPct: engine({ id: 22, unit: '%', scale: 10, min: 0, max: 100, decimals: 0, freshForMs: EVERY_ROUND_MS, label: { fr: 'Charge moteur', en: 'Engine load' }, obd: obd('0104', 1, 'A·100/255', percentA) }),
  coolantTempC: engine({ id: 23, unit: '°C', scale: 1, min: -40, max: 215, decimals: 0, gauge: [0, 130], normal: [80, 100], danger: { above: 110 }, freshForMs: SLOW_MS, label: { fr: 'Liquide de refroid.', en: 'Coolant' }, obd: obd('0105', 1, 'A−40', celsiusA) }),
  intakePressureKpa: engine({ id: 24, unit: 'kPa', scale: 1, min: 0, max: 255, decimals: 0, normal: [20, 230], freshForMs: EVERY_ROUND_MS, label: { fr: 'Pression admission', en: 'Intake pressure' }, obd: obd('010B', 1, 'A', byteA) }),
  throttlePct: engine({ id: 25, unit: '%', scale: 10, min: 0, max: 100, decimals: 0, freshForMs: EVERY_ROUND_MS, label: { fr: 'Papillon', en: 'Throttle' }, obd: obd('0111', 1, 'A·100/255', percentA) }),
  intakeAirTempC: engine({ id: 26, unit: '°C', scale: 1, min: -40, max: 215, decimals: 0, gauge: [-40, 100], freshForMs: SLOW_MS, label: { fr: 'Air admis', en: 'Intake air' }, obd: obd('010F', 1, 'A−40', celsiusA) }),
  massAirFlowGps: engine({ id: 27, unit: 'g/s', scale: 100, min: 0, max: 655.35, decimals: 1, gauge: [0, 200], freshForMs: EVERY_ROUND_MS, label: { fr: 'Débit d’air', en: 'Mass air flow' }, obd: obd('0110', 2, '(256A+B)/100', (d) => wordAB(d) / 100) }),
  timingAdvanceDeg: engine({ id: 28, unit: '°', scale: 2, min: -64, max: 63.5, decimals: 1, freshForMs: EVERY_ROUND_MS, label: { fr: 'Avance à l’allumage', en: 'Timing advance' }, obd: obd('010E', 1, 'A/2−64', (d) => byteA(d) / 2 - 64) }),
  shortFuelTrimPct: engine({ id: 29, unit: '%', scale: 10, min: -100, max: 99.3, decimals: 1, freshForMs: SLOW_MS, label: { fr: 'Correction courte', en: 'Short fuel trim' }, obd: obd('0106', 1, '(A−128)·100/128', trimA) }),
  longFuelTrimPct: engine({ id: 30, unit: '%', scale: 10, min: -100, max: 99.3, decimals: 1, freshForMs: SLOW_MS, label: { fr: 'Correction longue', en: 'Long fuel trim' }, obd: obd('0107', 1, '(A−128)·100/128', trimA) }),
  engineRunTimeS: engine({ id: 31, unit: 's', scale: 1, min: 0, max: 65_535, decimals: 0, freshForMs: SLOW_MS, label: { fr: 'Durée moteur tournant', en: 'Engine run time' }, obd: obd('011F', 2, '256A+B', wordAB) }),
  milDistanceKm: engine({ id: 32, unit: 'km', scale: 1, min: 0, max: 65_535, decimals: 0, freshForMs: ONCE_A_DRIVE_MS, label: { fr: 'Distance voyant allumé', en: 'Distance with engine light' }, obd: obd('0121', 2, '256A+B', wordAB) }),
  clearedDistanceKm: engine({ id: 33, unit: 'km', scale: 1, min: 0, max: 65_535, decimals: 0, freshForMs: ONCE_A_DRIVE_MS, label: { fr: 'Distance depuis effacement', en: 'Distance since codes cleared' }, obd: obd('0131', 2, '256A+B', wordAB) }),
  barometricPressureKpa: engine({ id: 34, unit: 'kPa', scale: 1, min: 0, max: 255, decimals: 0, gauge: [60, 110], freshForMs: SLOW_MS, label: { fr: 'Pression atmosphérique', en: 'Barometric pressure' }, obd: obd('0133', 1, 'A', byteA) }),
  moduleVoltageV: engine({ id: 35, unit: 'V', scale: 1000, min: 0, max: 65.535, decimals: 1, gauge: [8, 16], normal: [12.2, 14.8], danger: { below: 11.5 }, freshForMs: SLOW_MS, label: { fr: 'Tension calculateur', en: 'Module voltage' }, obd: obd('0142', 2, '(256A+B)/1000', (d) => wordAB(d) / 1000) }),
  absoluteLoadPct: engine({ id: 36, unit: '%', scale: 10, min: 0, max: 25_700, decimals: 0, gauge: [0, 200], freshForMs: EVERY_ROUND_MS, label: { fr: 'Charge absolue', en: 'Absolute load' }, obd: obd('0143', 2, '(256A+B)·100/255', (d) => (wordAB(d) * 100) / 255) }),
  ambientTempC: engine({ id: 37, unit: '°C', scale: 1, min: -40, max: 215, decimals: 0, gauge: [-40, 60], freshForMs: SLOW_MS, label: { fr: 'Air ambiant', en: 'Ambient' }, obd: obd('0146', 1, 'A−40', celsiusA) }),
  oilTempC: engine({ id: 38, unit: '°C', scale: 1, min: -40, max: 215, decimals: 0, gauge: [0, 150], normal: [80, 115], danger: { above: 135 }, freshForMs: SLOW_MS, label: { fr: 'Huile', en: 'Oil' }, obd: obd('015C', 1, 'A−40', celsiusA) }),
  milOn: { ...engine({ id: 39, unit: '', scale: 1, min: 0, max: 1, decimals: 0, freshForMs: SLOW_MS, label: { fr: 'Voyant moteur', en: 'Engine light' }, obd: obd('0101', 1, 'A>>7', (d) => byteA(d) >> 7) }), kind: 'switch' },
  dtcCount: engine({ id: 40, unit: '', scale: 1, min: 0, max: 127, decimals: 0, freshForMs: SLOW_MS, label: { fr: 'Codes défaut', en: 'Fault codes' }, obd: obd('0101', 1, 'A & 7F', (d) => byteA(d) & 0x7f) }),

  fuelLevelPct: { ...engine({ id: 50, unit: '%', scale: 10, min: 0, max: 100, decimals: 0, danger: { below: 6 }, freshForMs: SLOW_MS, label: { fr: 'Carburant', en: 'Fuel' }, obd: obd('012F', 1, 'A·100/255', percentA) }), group: 'energy' },
  fuelRateLph: { ...engine({ id: 51, unit: 'L/h', scale: 20, min: 0, max: 3276.75, decimals: 1, gauge: [0, 40], freshForMs: EVERY_ROUND_MS, label: { fr: 'Consommation', en: 'Fuel rate' }, obd: obd('015E', 2, '(256A+B)/20', (d) => wordAB(d) / 20) }), group: 'energy' },
  fuelType: { ...engine({ id: 52, unit: '', scale: 1, min: 0, max: 23, decimals: 0, freshForMs: ONCE_A_DRIVE_MS, label: { fr: 'Type de carburant', en: 'Fuel type' }, obd: obd('0151', 1, 'A', byteA) }), group: 'energy', kind: 'mode' },
  stateOfChargePct: { ...engine({ id: 53, unit: '%', scale: 100, min: 0, max: 100, decimals: 0, danger: { below: 8 }, freshForMs: SLOW_MS, label: { fr: 'Charge batterie de traction', en: 'State of charge' } }), group: 'energy' },
  odometerKm: { ...engine({ id: 54, unit: 'km', scale: 10, min: 0, max: 429_496_729.5, decimals: 0, freshForMs: ONCE_A_DRIVE_MS, label: { fr: 'Compteur', en: 'Odometer' }, obd: obd('01A6', 4, '(A·2²⁴+B·2¹⁶+C·2⁸+D)/10', (d) => (wordAB(d) * 65_536 + wordAB(d.slice(2))) / 10) }), group: 'energy' },

  accelXG: { id: 60, unit: 'g', scale: 1000, min: -16, max: 16, decimals: 2, gauge: [-1, 1], group: 'motion', kind: 'number', freshForMs: EVERY_ROUND_MS, label: { fr: 'Accélération longitudinale', en: 'Forward acceleration' } },
  accelYG: { id: 61, unit: 'g', scale: 1000, min: -16, max: 16, decimals: 2, gauge: [-1, 1], group: 'motion', kind: 'number', freshForMs: EVERY_ROUND_MS, label: { fr: 'Accélération latérale', en: 'Sideways acceleration' } },
  accelZG: { id: 62, unit: 'g', scale: 1000, min: -16, max: 16, decimals: 2, gauge: [-2, 2], group: 'motion', kind: 'number', freshForMs: EVERY_ROUND_MS, label: { fr: 'Accélération verticale', en: 'Vertical acceleration' } },

  batteryVoltageV: { id: 70, unit: 'V', scale: 100, min: 0, max: 60, decimals: 1, gauge: [8, 16], normal: [12.2, 14.8], danger: { below: 11.5 }, group: 'box', kind: 'number', freshForMs: SLOW_MS, label: { fr: 'Batterie', en: 'Battery' } },
  boxTempC: { id: 71, unit: '°C', scale: 1, min: -40, max: 125, decimals: 0, gauge: [-20, 90], group: 'box', kind: 'number', freshForMs: SLOW_MS, label: { fr: 'Température du boîtier', en: 'Box temperature' } },
  locationOff: { id: 72, unit: '', scale: 1, min: 0, max: 1, decimals: 0, group: 'box', kind: 'switch', freshForMs: ONCE_A_DRIVE_MS, label: { fr: 'Position coupée par le conducteur', en: 'Location switched off by the driver' } },
} as const satisfies Record<string, Metric>;

export type MetricKey = keyof typeof entries;

/** The catalogue, by key. Keys carry the unit; ids are what travels. */
export const METRICS: Readonly<Record<MetricKey, Metric>> = entries;
export const METRIC_KEYS = Object.keys(entries) as readonly MetricKey[];
export const METRIC_KEY_BY_ID: ReadonlyMap<number, MetricKey> = new Map(METRIC_KEYS.map((key) => [METRICS[key].id, key]));

export const isMetricKey = (text: string): text is MetricKey => Object.hasOwn(entries, text);

/** The value as it comes back from the wire: rounded to the metric's resolution. */
export const atResolution = (key: MetricKey, value: number): number => {
  const { scale } = METRICS[key];
  return Math.round(value * scale) / scale;
};
