import type { Random } from '../geometry/random.ts';

const FRENCH =
  `des Acacias|des Érables|des Tilleuls|des Platanes|des Bouleaux|des Frênes|des Noyers|des Cerisiers|des Pruniers|des Pommiers|des Saules|des Peupliers|des Charmes|des Hêtres|des Sapins|des Lilas|des Jonquilles|des Iris|des Roses|des Violettes|des Primevères|des Glycines|des Bleuets|des Coquelicots|des Lys|du Muguet|du Jasmin|de l’Aubépine|des Mésanges|des Rossignols|des Hirondelles|des Cigognes|des Alouettes|des Fauvettes|des Merles|des Pinsons|du Coucou|du Héron|des Cygnes|de la Loutre|de l’Écureuil|du Renard|du Chevreuil|du Cerf|de Barr|d’Obernai|de Sélestat|de Ribeaupierre|de Guebwiller|de Thann|de Munster|de Turckheim|de Kaysersberg|de Riquewihr|d’Eguisheim|de Rouffach|de Molsheim|de Mutzig|de Rosheim|d’Andlau|de Dambach|de Benfeld|d’Erstein|de Saverne|de Bouxwiller|d’Ingwiller|de Niederbronn|de Wissembourg|de Lauterbourg|de Seltz|de Haguenau|de Brumath|de Truchtersheim|de Soultz|de Marlenheim|de Wangen|de Westhoffen|de Ferrette|d’Altkirch|de Mulhouse|de Belfort|de Nancy|de Toul|de Verdun|de Metz|de Sarrebourg|de Bitche|de Phalsbourg|du Donon|du Climont|du Champ-du-Feu|du Hohneck|du Grand-Ballon|du Ballon-d’Alsace|du Mont-Sainte-Odile|du Taennchel|du Ungersberg|du Schneeberg|du Nideck|du Haut-Barr|du Girbaden|du Fleckenstein|du Landsberg|du Hohwald|de la Schlucht|du Bonhomme|des Vosges|du Kochersberg|du Ried|de la Hardt|de la Moder|de la Zorn|de la Zinsel|de la Sauer|de l’Ehn|du Giessen|de la Fecht|de la Thur|de la Lauch|de la Doller|de la Moselle|de la Meuse|de la Sarre|de la Marne|du Danube|du Neckar|de la Loire|de la Seine|de la Garonne|du Rhône|de l’Isère|de la Durance|du Moulin|du Puits|du Lavoir|de la Fontaine|du Pressoir|des Vignes|des Vergers|du Verger|des Prés|des Champs|des Jardins|des Maraîchers|des Moissons|des Semailles|du Houblon|du Tabac|du Blé|de la Ferme|de la Grange|du Colombier|du Four|de la Forge|des Menuisiers|des Tisserands|des Potiers|des Meuniers|des Boulangers|des Maçons|des Vanniers|du Château|de l’Église|du Presbytère|de l’École|de la Mairie|du Stade|de la Gare|de la Poste|du Marché|du Tramway|du Chemin-Vert|du Petit-Rhin|du Vieux-Moulin|du Gué|du Bac|de la Digue|de l’Écluse|du Halage|de la Passerelle|des Roseaux|du Marais|de la Source|de l’Île|de la Plage|du Couchant|du Levant|de l’Aurore|du Soleil|de la Paix|de la Concorde|de l’Espérance|de la Fraternité|de l’Avenir|Mozart|Beethoven|Schubert|Brahms|Haendel|Vivaldi|Berlioz|Bizet|Debussy|Ravel|Gounod|Massenet|Saint-Saëns|Waldteufel|Molière|Corneille|La Bruyère|Voltaire|Diderot|Lamartine|Victor Hugo|Balzac|Stendhal|Flaubert|Zola|Verlaine|Rimbaud|Baudelaire|Mallarmé|Apollinaire|Colette|George Sand|Jules Verne|Goethe|Schiller|Lessing|Herder|Heine|Erckmann-Chatrian|Oberlin|Pfeffel|Sébastien Brant|Fischart|Wimpfeling|Érasme|Jean Sturm|Daniel Specklin|Martin Schongauer|Grünewald|Hans Baldung|Gustave Doré|Delacroix|Courbet|Corot|Millet|Manet|Monet|Renoir|Cézanne|Matisse|Pasteur|Ampère|Arago|Lavoisier|Laplace|Descartes|Pascal|Fermat|Lagrange|Galilée|Kepler|Copernic|Newton|Kirschleger|Schimper|Marie Curie|Becquerel|Röntgen|Albert Schweitzer|Vauban|Kléber|Desaix|Ney|Lefebvre|Rapp|Carnot|Hoche|Marceau|Rouget de Lisle|Louise Michel|Jean Moulin`.split(
    '|',
  );

/** Names of the old town, given out on the island alone, where they belong even if not at the right corner. */
const OLD_TOWN =
  `du Dôme|des Orfèvres|du Sanglier|du Miroir|des Tonneliers|des Drapiers|des Échasses|de l’Épine|de l’Ail|du Saumon|de la Mésange|de l’Écurie|des Serruriers|des Juifs|des Pucelles|de l’Outre|du Fossé-des-Tailleurs|de la Chaîne|des Dentelles|du Bain-aux-Plantes|de la Monnaie|des Moulins|de l’Arc-en-Ciel|des Veaux|des Sœurs|du Faisan|de la Râpe|du Maroquin|des Cordonniers|de la Lanterne|Sainte-Barbe|Sainte-Hélène|Thomann|de la Haute-Montée|du Temple-Neuf|des Étudiants|du Parchemin|de la Toussaint|des Charpentiers|de la Comédie`.split(
    '|',
  );

const GERMAN =
  `Ahornweg|Birkenweg|Buchenstraße|Eichenweg|Eschenweg|Fliederweg|Gartenstraße|Goethestraße|Hebelstraße|Hölderlinstraße|Kastanienallee|Kirchstraße|Königsberger Straße|Lindenstraße|Lessingstraße|Mozartstraße|Mühlenweg|Nelkenweg|Oststraße|Pappelweg|Rosenweg|Ringgasse|Schillerstraße|Schulstraße|Schwarzwaldstraße|Sonnenweg|Tulpenweg|Uhlandstraße|Ulmenweg|Waldweg|Weidenweg|Wiesenstraße|Friedhofstraße|Bahnhofstraße|Blumenstraße|Fischerweg|Gewerbestraße|Hansjakobstraße|Im Winkel|Jahnstraße|Kinzigstraße|Krummgasse|Marktgasse|Oberdorfstraße|Rathausgasse|Richard-Wagner-Straße|Rosengasse|Scheffelstraße|Stegermattweg|Unterdorfstraße|Beethovenstraße|Brucknerweg|Eisvogelweg|Am Altrhein|Am Damm|Am Läger|Kehler Weg|Elsässer Straße|Badstraße|Bierkellerstraße`.split(
    '|',
  );

export type NameList = 'fr' | 'de' | 'old-town';

const LONG_WORDS: Record<NameList, string[]> = {
  fr: ['Rue', 'Allée', 'Chemin'],
  de: [''],
  'old-town': ['Rue', 'Petite rue', 'Ruelle'],
};
const SHORT_WORDS = ['Impasse', 'Passage', 'Ruelle'];
const SHORT_M = 130;

/**
 * Gives out street names: every name once before any comes again under another word for "street", and never one in
 * `taken` (the hand-drawn streets, which carry their true names).
 */
export function createStreetNames(
  random: Random,
  taken: ReadonlySet<string>,
): (list: NameList, lengthM: number) => string {
  const lists: Record<NameList, string[]> = {
    fr: shuffled(FRENCH, random),
    de: shuffled(GERMAN, random),
    'old-town': shuffled(OLD_TOWN, random),
  };
  const turns: Record<NameList, number> = { fr: 0, de: 0, 'old-town': 0 };
  return (list, lengthM) => {
    const words = list === 'fr' && lengthM < SHORT_M ? SHORT_WORDS : LONG_WORDS[list];
    for (;;) {
      const turn = turns[list]++;
      const names = lists[list];
      const round = Math.floor(turn / names.length);
      const name = `${words[round % words.length]} ${names[turn % names.length]}`.trim();
      if (!taken.has(name)) return name;
    }
  };
}

function shuffled(list: readonly string[], random: Random): string[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy;
}
