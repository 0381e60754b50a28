import type { MapFeature } from './cut-tiles.ts';

/** "Name lat lon" for each, larger first; positions are of the middle of the country or city, to a tenth of a degree. */
const COUNTRIES: Record<number, string> = {
  1: `Russie 61 95|Canada 59 -108|États-Unis 39.5 -98|Chine 35.5 103|Brésil -10 -53|Australie -25 134|Inde 22.5 79`,
  2: `Argentine -35 -65|Algérie 28 2.5|Mexique 24 -102.5|Kazakhstan 48 67|Arabie saoudite 24 45|Indonésie -2 114|Iran 32.5 54|Mongolie 47 103|Libye 27 17.5|Soudan 15.5 30|Égypte 26.5 29.5|Rép. dém. du Congo -3 23.5|Afrique du Sud -29.5 24|Pérou -9.5 -75.5|Colombie 3.8 -73|Nigéria 9.5 8|Turquie 39 35|France 46.8 2.5|Espagne 40 -3.7|Allemagne 51.2 10.3|Italie 43 12.5|Royaume-Uni 53.5 -1.7|Suède 62.5 15.5|Norvège 61.5 9|Finlande 63.5 26.5|Pologne 52.1 19.4|Ukraine 49 31.5|Japon 36.5 138.5`,
  3: `Chili -32 -71|Bolivie -16.8 -64.5|Venezuela 7.2 -66|Maroc 32 -6.3|Mali 17.5 -2|Niger 17.5 9|Tchad 15.5 18.7|Éthiopie 8.7 39.5|Kenya 0.5 38|Tanzanie -6.3 34.8|Angola -12.3 17.5|Namibie -22 17|Mozambique -17.5 35.5|Madagascar -19.5 46.6|Pakistan 29.5 69|Afghanistan 33.8 66|Iraq 33 43.5|Syrie 35 38.5|Ouzbékistan 41.7 63.5|Turkménistan 39.2 59.3|Birmanie 21 96.3|Thaïlande 15.5 101.5|Viêt Nam 21.3 105|Philippines 15.5 121|Nouvelle-Zélande -43.5 171|Islande 64.9 -18.6|Irlande 53.2 -8|Portugal 39.7 -8.2|Roumanie 45.9 25|Biélorussie 53.6 28|Grèce 39.3 22|Autriche 47.5 14.2|Hongrie 47 19.4|Tchéquie 49.8 15.3|Bulgarie 42.7 25.3|Groenland 72 -40|Cuba 21.8 -78.5`,
  4: `Suisse 46.8 8.2|Belgique 50.7 4.6|Pays-Bas 52.3 5.7|Danemark 56.1 9.4|Serbie 44.1 20.8|Croatie 45.4 16|Slovaquie 48.7 19.6|Slovénie 46.1 14.7|Bosnie-Herzégovine 44.3 17.8|Lituanie 55.3 23.9|Lettonie 56.8 25.3|Estonie 58.7 25.8|Moldavie 47.2 28.6|Albanie 41.1 20|Tunisie 34.2 9.3|Jordanie 31.2 36.6|Israël 31.2 34.9|Liban 33.9 35.9|Géorgie 42.2 43.5|Népal 28.3 84|Sri Lanka 7.7 80.7|Cambodge 12.7 104.9|Sénégal 14.5 -14.5|Ghana 7.8 -1.2|Côte d’Ivoire 7.6 -5.6|Cameroun 5.4 12.3|Luxembourg 49.8 6.1`,
};

const CITIES: Record<number, string> = {
  3: `Paris 48.86 2.35|Londres 51.51 -0.12|Berlin 52.52 13.4|Rome 41.9 12.5|Madrid 40.42 -3.7|Moscou 55.75 37.62|New York 40.71 -74|Los Angeles 34.05 -118.24|Mexico 19.43 -99.13|São Paulo -23.55 -46.63|Buenos Aires -34.6 -58.4|Le Caire 30.04 31.24|Lagos 6.45 3.4|Kinshasa -4.3 15.3|Johannesburg -26.2 28.05|Istanbul 41.01 28.97|Téhéran 35.7 51.4|Delhi 28.61 77.21|Bombay 19.08 72.88|Pékin 39.9 116.4|Shanghai 31.23 121.47|Tokyo 35.68 139.69|Séoul 37.57 126.98|Jakarta -6.2 106.85|Sydney -33.87 151.21`,
  4: `Bruxelles 50.85 4.35|Amsterdam 52.37 4.9|Vienne 48.21 16.37|Varsovie 52.23 21.01|Prague 50.08 14.43|Budapest 47.5 19.04|Bucarest 44.43 26.1|Athènes 37.98 23.73|Lisbonne 38.72 -9.14|Dublin 53.35 -6.26|Stockholm 59.33 18.07|Oslo 59.91 10.75|Helsinki 60.17 24.94|Copenhague 55.68 12.57|Kiev 50.45 30.52|Minsk 53.9 27.57|Belgrade 44.79 20.45|Sofia 42.7 23.32|Berne 46.95 7.45|Chicago 41.88 -87.63|Toronto 43.65 -79.38|Washington 38.9 -77.04|Miami 25.76 -80.19|Vancouver 49.28 -123.12|Montréal 45.5 -73.57|Lima -12.05 -77.04|Bogota 4.71 -74.07|Santiago -33.45 -70.67|Caracas 10.48 -66.9|Rio de Janeiro -22.91 -43.17|Alger 36.75 3.06|Tunis 36.81 10.18|Rabat 34.02 -6.83|Dakar 14.69 -17.44|Abidjan 5.35 -4|Nairobi -1.29 36.82|Addis-Abeba 9.01 38.75|Le Cap -33.92 18.42|Bagdad 33.31 44.37|Riyad 24.71 46.68|Karachi 24.86 67|Bangkok 13.75 100.5|Hanoï 21.03 105.85|Singapour 1.35 103.82|Manille 14.6 120.98|Melbourne -37.81 144.96|Auckland -36.85 174.76|Strasbourg 48.58 7.75`,
  5: `Lyon 45.76 4.84|Marseille 43.3 5.37|Toulouse 43.6 1.44|Bordeaux 44.84 -0.58|Nantes 47.22 -1.55|Lille 50.63 3.06|Nice 43.7 7.27|Munich 48.14 11.58|Francfort 50.11 8.68|Hambourg 53.55 10|Cologne 50.94 6.96|Stuttgart 48.78 9.18|Zurich 47.37 8.54|Genève 46.2 6.14|Bâle 47.56 7.59|Milan 45.46 9.19|Turin 45.07 7.69|Naples 40.85 14.27|Barcelone 41.39 2.17|Valence 39.47 -0.38|Séville 37.39 -5.98|Porto 41.15 -8.61|Manchester 53.48 -2.24|Édimbourg 55.95 -3.19|Leipzig 51.34 12.37|Cracovie 50.06 19.94|Gdańsk 54.35 18.65|Zagreb 45.81 15.98|Göteborg 57.71 11.97|Saint-Pétersbourg 59.94 30.31|Luxembourg 49.61 6.13`,
  6: `Rennes 48.11 -1.68|Dijon 47.32 5.04|Nancy 48.69 6.18|Metz 49.12 6.18|Mulhouse 47.75 7.34|Colmar 48.08 7.36|Reims 49.26 4.03|Rouen 49.44 1.1|Orléans 47.9 1.91|Tours 47.39 0.69|Montpellier 43.61 3.88|Grenoble 45.19 5.72|Clermont-Ferrand 45.78 3.08|Limoges 45.83 1.26|Brest 48.39 -4.49|Caen 49.18 -0.37|Le Havre 49.49 0.11|Amiens 49.89 2.3|Besançon 47.24 6.02|Saint-Étienne 45.44 4.39|Perpignan 42.69 2.89|Troyes 48.3 4.07|Karlsruhe 49.01 8.4|Fribourg-en-Brisgau 47.99 7.85|Mannheim 49.49 8.47|Sarrebruck 49.23 7|Mayence 50 8.27|Nuremberg 49.45 11.08|Ulm 48.4 9.99|Lausanne 46.52 6.63|Liège 50.63 5.57|Haguenau 48.82 7.79|Offenbourg 48.47 7.94|Saverne 48.74 7.36|Sélestat 48.26 7.45|Baden-Baden 48.76 8.24`,
};

const MIN_ZOOM: Record<'country' | 'city', Record<number, number>> = {
  country: { 1: 1, 2: 2, 3: 3, 4: 4 },
  city: { 3: 3, 4: 4, 5: 5, 6: 6 },
};

/** Countries and larger cities in French, `rank` 1 first. */
export function worldPlaces(): MapFeature[] {
  return [...parse('country', COUNTRIES), ...parse('city', CITIES)];
}

function parse(kind: 'country' | 'city', lists: Record<number, string>): MapFeature[] {
  return Object.entries(lists).flatMap(([rank, list]) =>
    list.split('|').map((text): MapFeature => {
      const [, name, lat, lon] = /^(.+) (-?[\d.]+) (-?[\d.]+)$/.exec(text) ?? [];
      if (!name) throw new Error(`bad place "${text}"`);
      return {
        type: 'Feature',
        properties: { kind, name, rank: Number(rank), min_zoom: MIN_ZOOM[kind][Number(rank)]! },
        geometry: { type: 'Point', coordinates: [Number(lon), Number(lat)] },
      };
    }),
  );
}
