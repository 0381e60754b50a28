import { DEMO_CLIENTS, DEMO_MODELS } from './demo-people.ts';

// The demonstration's fleet, computed: the same number gives the same vehicle on every machine, so that a second start, or a
// start with more vehicles, finds the first ones again.

export interface DemoVehicle {
  readonly label: string;
  readonly vin: string;
  readonly make: string;
  readonly model: string;
  readonly fuel: string;
  readonly year: number;
  readonly client: string;
  readonly driver: string;
  readonly contract: string;
  readonly product: string;
}

/** Vehicle number `index`, counted from 0. */
export function demoVehicle(index: number): DemoVehicle {
  const model = DEMO_MODELS[index % DEMO_MODELS.length]!;
  const year = 2017 + ((index * 5 + 2) % 8);
  const { client, driver } = ownerOf(index);
  const label = index < DEMO_MODELS.length && model.plate ? model.plate : plateOf(index);
  const contractYear = 2021 + (index % 5);
  return {
    ...{ label, year, client, driver, make: model.make, model: model.model, fuel: model.fuel },
    vin: vinOf(model.wmi, model.vds, year, index),
    contract: index === 0 ? 'AU-2024-03817' : `AU-${contractYear}-${10_000 + ((index * 619) % 9_000)}`,
    product: ['tous risques', 'tiers étendu', 'flotte'][client === driver ? index % 2 : 2]!,
  };
}

function ownerOf(index: number): { client: string; driver: string } {
  const cycle = DEMO_CLIENTS.reduce((sum, client) => sum + client.share, 0);
  let place = index % cycle;
  for (const client of DEMO_CLIENTS) {
    if (place < client.share) {
      const nth = place + client.share * Math.floor(index / cycle);
      return { client: client.name, driver: client.drivers[nth % client.drivers.length]! };
    }
    place -= client.share;
  }
  throw new Error('unreachable');
}

/** Letters that French plates use. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTVWXYZ';

/** A plate of the current French kind (AB-123-CD); different for every index below some hundred thousand. */
function plateOf(index: number): string {
  const number = (index * 7_919) % (LETTERS.length ** 2 * 999);
  const digits = (number % 999) + 1;
  const pair = Math.floor(number / 999);
  const first = `${LETTERS[4 + (index % 3)]}${LETTERS[(index * 5) % LETTERS.length]}`;
  const last = `${LETTERS[Math.floor(pair / LETTERS.length) % LETTERS.length]}${LETTERS[pair % LETTERS.length]}`;
  return `${first}-${String(digits).padStart(3, '0')}-${last}`;
}

const YEAR_CODES = 'HJKLMNPRS';
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
/** Values of A…Z in the check sum of ISO 3779 (I, O, Q do not occur). */
const LETTER_VALUES: Readonly<Record<string, number>> = Object.fromEntries(
  ['A1B2C3D4E5F6G7H8', 'J1K2L3M4N5P7R9', 'S2T3U4V5W6X7Y8Z9'].flatMap((row) =>
    [...row.matchAll(/(\D)(\d)/g)].map(([, letter, value]) => [letter!, Number(value)]),
  ),
);

/** Maker (3), model (5), check digit, model year, plant, serial number: 17 characters. */
function vinOf(wmi: string, vds: string, year: number, index: number): string {
  const rest = `${YEAR_CODES[year - 2017]}S${String(100_000 + index * 17).padStart(6, '0')}`;
  return `${wmi}${vds}${checkDigit(`${wmi}${vds}0${rest}`)}${rest}`;
}

/** The digit at place 9 by which a VIN can be checked (49 CFR 565.15(c)): weighted sum modulo 11, X for ten. */
export function checkDigit(vin: string): string {
  const sum = [...vin].reduce((total, char, i) => total + (LETTER_VALUES[char] ?? Number(char)) * WEIGHTS[i]!, 0);
  return sum % 11 === 10 ? 'X' : String(sum % 11);
}
