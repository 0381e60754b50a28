export type PlaceKind = 'city' | 'town' | 'village' | 'suburb' | 'quarter' | 'park';

/** A named place; `rank` 1 is shown first and largest, 6 last. */
export interface Place {
  name: string;
  kind: PlaceKind;
  rank: number;
  lat: number;
  lon: number;
}

function named(kind: PlaceKind, rank: number) {
  return (name: string, lat: number, lon: number): Place => ({ name, kind, rank, lat, lon });
}

const city = named('city', 1);
const town = named('town', 2);
const village = named('village', 3);
const suburb = named('suburb', 4);
const quarter = named('quarter', 5);
const park = named('park', 6);

export const PLACES: Place[] = [
  city('Strasbourg', 48.5828, 7.7485),
  town('Kehl', 48.5725, 7.815),
  town('Schiltigheim', 48.607, 7.749),
  town('Bischheim', 48.615, 7.753),
  town('Hoenheim', 48.626, 7.756),
  town('Illkirch-Graffenstaden', 48.529, 7.718),
  town('Ostwald', 48.543, 7.71),
  town('Lingolsheim', 48.558, 7.683),
  village('Eckbolsheim', 48.581, 7.687),
  village('Oberhausbergen', 48.606, 7.687),
  village('Mittelhausbergen', 48.6135, 7.696),
  village('Souffelweyersheim', 48.635, 7.741),
  village('Reichstett', 48.649, 7.753),
  village('Mundolsheim', 48.642, 7.714),
  village('Wolfisheim', 48.587, 7.665),
  village('Holtzheim', 48.557, 7.646),
  village('Geispolsheim', 48.516, 7.66),
  village('Fegersheim', 48.492, 7.681),
  village('La Wantzenau', 48.658, 7.829),
  village('Eschau', 48.49, 7.717),
  village('Sundheim', 48.559, 7.821),
  village('Auenheim', 48.607, 7.83),
  village('Marlen', 48.52, 7.821),
  suburb('Neudorf', 48.566, 7.762),
  suburb('Meinau', 48.556, 7.746),
  suburb('Neuhof', 48.546, 7.765),
  suburb('Cronenbourg', 48.594, 7.719),
  suburb('Hautepierre', 48.5945, 7.7035),
  suburb('Koenigshoffen', 48.58, 7.712),
  suburb('Robertsau', 48.603, 7.786),
  suburb('Port du Rhin', 48.573, 7.796),
  suburb('Esplanade', 48.5795, 7.7715),
  quarter('Montagne Verte', 48.572, 7.718),
  quarter('Elsau', 48.567, 7.722),
  quarter('Wacken', 48.5965, 7.76),
  quarter('Krutenau', 48.5795, 7.757),
  quarter('Gare', 48.5855, 7.7375),
  quarter('Neustadt', 48.588, 7.7505),
  quarter('Grande Île', 48.5816, 7.7462),
  quarter('Petite France', 48.5805, 7.742),
  quarter('Orangerie', 48.59, 7.771),
  quarter('Conseil des XV', 48.5875, 7.779),
  quarter('Ganzau', 48.536, 7.7745),
  quarter('Stockfeld', 48.54, 7.763),
  quarter('Poteries', 48.588, 7.692),
  quarter('Plaine des Bouchers', 48.559, 7.74),
  quarter('Porte de l’Hôpital', 48.5755, 7.7475),
  quarter('Hafen', 48.588, 7.8115),
  quarter('Musau', 48.569, 7.774),
  park('Parc de l’Orangerie', 48.5925, 7.7755),
  park('Parc de la Citadelle', 48.5767, 7.7765),
  park('Jardin des Deux Rives', 48.568, 7.799),
  park('Parc des Contades', 48.5912, 7.7572),
  park('Forêt du Neuhof', 48.523, 7.778),
  park('Forêt de la Robertsau', 48.612, 7.808),
];

const METRES_PER_DEGREE = 111_195;
const COS_LATITUDE = 0.6616;
const REACH_M = 1800;
const HOMES = PLACES.filter((place) => place.kind !== 'park' && place.kind !== 'city');

/** Name of the nearest quarter, suburb or village within 1.8 km of a point in degrees. */
export function quarterAt(lat: number, lon: number): string | undefined {
  let best: string | undefined;
  let bestM = REACH_M;
  for (const home of HOMES) {
    const y = (lat - home.lat) * METRES_PER_DEGREE;
    const x = (lon - home.lon) * METRES_PER_DEGREE * COS_LATITUDE;
    const distanceM = Math.hypot(x, y);
    if (distanceM < bestM) {
      bestM = distanceM;
      best = home.name;
    }
  }
  return best;
}
