import type { LandArea } from './land.ts';
import type { Place } from './places.ts';
import type { Railway } from './railways.ts';
import { major, motorway, path, type RoadLine } from './road-line.ts';
import type { WaterLine } from './water.ts';

/**
 * What lies within some 40 km, for the far zooms only: it keeps the city from floating on an empty plain. Drawn
 * with points kilometres apart and therefore not part of the road graph.
 */
export const SURROUNDING_ROADS: RoadLine[] = [
  motorway(
    'Autoroute de l’Est',
    130,
    '48.6720 7.7190, 48.6950 7.7100, 48.7200 7.6800, 48.7350 7.6000, 48.7480 7.5200, 48.7650 7.3900, 48.8000 7.2200',
    'A 4',
  ),
  motorway(
    'Autoroute A 35',
    130,
    '48.6950 7.7100, 48.7020 7.7600, 48.7250 7.8600, 48.7700 7.9400, 48.8300 8.0200, 48.9500 8.1500',
    'A 35',
  ),
  motorway(
    'Autoroute A 35',
    130,
    '48.4850 7.6700, 48.4760 7.6200, 48.4650 7.5500, 48.4300 7.5000, 48.3600 7.4600, 48.2700 7.4250, 48.2000 7.3900',
    'A 35',
  ),
  motorway('Autoroute A 352', 110, '48.4720 7.5950, 48.5050 7.5500, 48.5350 7.5100', 'A 352'),
  motorway(
    'Bundesautobahn 5',
    120,
    '48.2000 7.7900, 48.3500 7.8350, 48.4700 7.9150, 48.5400 7.9600, 48.6300 8.0450, 48.7000 8.1050, 48.7800 8.1700, 48.9500 8.3000',
    'A 5',
  ),
  major(
    'Route nationale 4',
    80,
    '48.6040 7.6200, 48.6120 7.5700, 48.6250 7.5000, 48.6400 7.4450, 48.7000 7.4000, 48.7400 7.3650',
    'N 4',
  ),
  major(
    'Route nationale 83',
    110,
    '48.4850 7.6700, 48.4500 7.6680, 48.4200 7.6450, 48.3700 7.5900, 48.2800 7.4700',
    'N 83',
  ),
  major('Route de Bischwiller', 80, '48.6650 7.7700, 48.7000 7.7650, 48.7500 7.7750, 48.8100 7.7900', 'D 263'),
  major('Route de la Wantzenau', 80, '48.6700 7.8400, 48.6900 7.8800, 48.7300 7.9200, 48.7700 7.9600', 'D 468'),
  major('Route du Rhin', 80, '48.4960 7.7420, 48.4600 7.7200, 48.4000 7.7150, 48.3200 7.7000', 'D 468'),
  major(
    'Route de Schirmeck',
    80,
    '48.5480 7.6560, 48.5350 7.6000, 48.5420 7.5400, 48.5420 7.4900, 48.5400 7.4400, 48.4800 7.2300',
    'D 392',
  ),
  major('Route de Lyon', 80, '48.4880 7.7060, 48.4780 7.6850, 48.4850 7.6700', 'D 1083'),
  major('Bundesstraße 28', 80, '48.5640 7.8600, 48.5520 7.9000, 48.5400 7.9600, 48.5350 8.0000', 'B 28'),
  major('Landstraße 98', 80, '48.4935 7.7980, 48.4300 7.8000, 48.3400 7.8650', 'L 98'),
  major('Bundesstraße 36', 80, '48.6120 7.8420, 48.6600 7.9200, 48.7500 8.0300, 48.8300 8.1200', 'B 36'),
];

export const SURROUNDING_WATER: WaterLine[] = [
  {
    kind: 'river',
    name: 'Le Rhin',
    widthM: 230,
    points: path('48.6720 7.8850, 48.7200 7.9500, 48.7800 8.0300, 48.8600 8.1100, 48.9500 8.2000'),
  },
  {
    kind: 'river',
    name: 'Le Rhin',
    widthM: 230,
    points: path('48.4700 7.7530, 48.4200 7.7450, 48.3600 7.7250, 48.2800 7.6850, 48.2000 7.6200'),
  },
  {
    kind: 'river',
    name: 'L’Ill',
    widthM: 40,
    points: path('48.4700 7.6960, 48.4200 7.6680, 48.3700 7.6100, 48.2800 7.4800, 48.2000 7.4200'),
  },
  {
    kind: 'river',
    name: 'La Bruche',
    widthM: 20,
    points: path('48.5640 7.6300, 48.5500 7.5600, 48.5450 7.4900, 48.5400 7.4300, 48.4850 7.2200'),
  },
  {
    kind: 'river',
    name: 'Kinzig',
    widthM: 50,
    points: path('48.5400 7.8720, 48.5000 7.9100, 48.4600 7.9500, 48.3900 8.0100'),
  },
  {
    kind: 'river',
    name: 'La Zorn',
    widthM: 20,
    points: path('48.7350 7.3500, 48.7550 7.5500, 48.7300 7.7100, 48.7000 7.8400, 48.7400 7.9300'),
  },
  {
    kind: 'river',
    name: 'La Moder',
    widthM: 20,
    points: path('48.8600 7.5500, 48.8200 7.7800, 48.7900 7.8800, 48.7800 8.0200'),
  },
];

export const SURROUNDING_RAILWAYS: Railway[] = [
  {
    kind: 'main',
    name: 'Paris – Strasbourg',
    points: path('48.6720 7.7000, 48.7250 7.7100, 48.7550 7.5700, 48.7450 7.3600, 48.7400 7.2200'),
  },
  {
    kind: 'main',
    name: 'Strasbourg – Bâle',
    points: path('48.4850 7.6640, 48.4250 7.6550, 48.3700 7.5850, 48.2600 7.4450, 48.2000 7.3900'),
  },
  {
    kind: 'main',
    name: 'Strasbourg – Molsheim',
    points: path('48.5440 7.6300, 48.5350 7.5700, 48.5380 7.5000, 48.5400 7.4300'),
  },
  { kind: 'main', name: 'Strasbourg – Haguenau', points: path('48.7250 7.7100, 48.7700 7.7600, 48.8130 7.7850') },
  { kind: 'main', name: 'Kehl – Appenweier', points: path('48.5700 7.8600, 48.5600 7.9100, 48.5400 7.9750') },
  {
    kind: 'main',
    name: 'Rheintalbahn',
    points: path(
      '48.2000 7.8100, 48.3400 7.8500, 48.4750 7.9450, 48.5400 7.9750, 48.6300 8.0650, 48.7000 8.1300, 48.7900 8.1900, 48.9500 8.3800',
    ),
  },
];

export const SURROUNDING_LAND: LandArea[] = [
  {
    kind: 'forest',
    name: 'Forêt de Haguenau',
    outline: path(
      '48.8300 7.7300, 48.8700 7.7500, 48.8800 7.8700, 48.8700 8.0000, 48.8400 8.0200, 48.8200 7.9300, 48.8150 7.8200',
    ),
  },
  {
    kind: 'forest',
    name: 'Vosges',
    outline: path(
      '48.9500 7.1500, 48.9500 7.4500, 48.8800 7.4700, 48.7800 7.3300, 48.7000 7.3400, 48.6200 7.3800, 48.5500 7.3800, 48.4700 7.4200, 48.3800 7.4000, 48.2800 7.3600, 48.2000 7.3000, 48.2000 7.1500',
    ),
  },
  {
    kind: 'forest',
    name: 'Schwarzwald',
    outline: path(
      '48.2000 7.9600, 48.3300 7.9500, 48.4200 8.0200, 48.5000 8.0500, 48.5800 8.1200, 48.6600 8.1700, 48.7500 8.2700, 48.8200 8.3400, 48.8200 8.5000, 48.2000 8.5000',
    ),
  },
];

function town(name: string, lat: number, lon: number): Place {
  return { kind: 'town', rank: 2, name, lat, lon };
}

export const SURROUNDING_PLACES: Place[] = [
  town('Haguenau', 48.815, 7.79),
  town('Brumath', 48.733, 7.71),
  town('Saverne', 48.742, 7.363),
  town('Molsheim', 48.541, 7.493),
  town('Obernai', 48.462, 7.482),
  town('Erstein', 48.422, 7.662),
  town('Sélestat', 48.26, 7.454),
  town('Benfeld', 48.37, 7.594),
  town('Wasselonne', 48.638, 7.446),
  town('Bischwiller', 48.767, 7.859),
  town('Gambsheim', 48.69, 7.882),
  town('Offenburg', 48.472, 7.944),
  town('Appenweier', 48.54, 7.98),
  town('Achern', 48.63, 8.075),
  town('Bühl', 48.695, 8.135),
  town('Lahr', 48.34, 7.873),
  town('Rheinau', 48.667, 7.935),
  town('Truchtersheim', 48.662, 7.607),
];
