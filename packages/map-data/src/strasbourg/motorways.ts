import { type LatLon, motorway, type RoadLine } from './road-line.ts';

/** Motorways and dual carriageways that cross other roads without meeting them, each as one centre line. */
export const MOTORWAYS: RoadLine[] = [
  motorway(
    'Autoroute de l’Est',
    110,
    '48.6720 7.7190, 48.6600 7.7212, 48.6500 7.7225, 48.6400 7.7235, 48.6300 7.7240, 48.6200 7.7236, 48.6120 7.7252, 48.6060 7.7290, 48.6010 7.7325',
    'A 4',
  ),
  motorway(
    'Autoroute A 35',
    90,
    '48.6010 7.7325, 48.5985 7.7336, 48.5955 7.7334, 48.5920 7.7315, 48.5885 7.7296, 48.5850 7.7286, 48.5810 7.7286, 48.5770 7.7300, 48.5730 7.7312, 48.5690 7.7315, 48.5630 7.7308, 48.5570 7.7300, 48.5500 7.7290, 48.5440 7.7258, 48.5380 7.7195, 48.5310 7.7105, 48.5235 7.7015, 48.5120 7.6902, 48.5000 7.6810, 48.4850 7.6700',
    'A 35',
  ),
  motorway(
    'Avenue Pierre Mendès France',
    70,
    '48.6010 7.7325, 48.5990 7.7362, 48.5962 7.7400, 48.5938 7.7430, 48.5920 7.7450',
    'A 350',
  ),
  motorway(
    'Autoroute A 351',
    90,
    '48.5850 7.7286, 48.5862 7.7235, 48.5880 7.7160, 48.5896 7.7070, 48.5908 7.6980, 48.5918 7.6860, 48.5935 7.6720, 48.5965 7.6550, 48.6000 7.6380, 48.6040 7.6200',
    'A 351',
  ),
  motorway(
    'Rocade sud',
    90,
    '48.5120 7.6902, 48.5108 7.6980, 48.5095 7.7070, 48.5082 7.7170, 48.5072 7.7270, 48.5062 7.7370, 48.5045 7.7460, 48.5022 7.7550, 48.4998 7.7630, 48.4975 7.7700, 48.4960 7.7760, 48.4945 7.7850, 48.4935 7.7980',
    'N 353',
  ),
];

/** Where a motorway may be left or joined; ramps are not drawn, the crossing itself is the junction. */
export const INTERCHANGES: { name: string; at: LatLon }[] = [
  { name: 'Reichstett', at: [48.65, 7.7225] },
  { name: 'Espace européen de l’Entreprise', at: [48.612, 7.7252] },
  { name: 'Place de Haguenau', at: [48.592, 7.745] },
  { name: 'Cronenbourg', at: [48.5938, 7.7325] },
  { name: 'Porte Nationale', at: [48.5802, 7.7289] },
  { name: 'Montagne Verte', at: [48.5722, 7.7313] },
  { name: 'Meinau', at: [48.557, 7.73] },
  { name: 'Baggersee', at: [48.544, 7.7258] },
  { name: 'La Vigie', at: [48.5235, 7.7015] },
  { name: 'Hautepierre', at: [48.5896, 7.707] },
  { name: 'Parc des Poteries', at: [48.5918, 7.686] },
  { name: 'Ittenheim', at: [48.6, 7.638] },
  { name: 'Illkirch', at: [48.5086, 7.714] },
  { name: 'Parc d’innovation', at: [48.5068, 7.731] },
  { name: 'Altenheim', at: [48.4935, 7.798] },
];
