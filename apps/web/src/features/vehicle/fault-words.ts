import type { Locale } from '@temoin/shared/accounts';

// What common fault codes mean (SAE J2012 names the codes; the words are ours, short enough for a list). A code that is not
// here is described by its family, which its first three characters tell.

type Words = readonly [fr: string, en: string];

const CODES: Readonly<Record<string, Words>> = {
  P0010: ['Commande d’arbre à cames d’admission', 'Intake camshaft control'],
  P0011: ['Arbre à cames d’admission trop avancé', 'Intake camshaft too advanced'],
  P0016: ['Vilebrequin et arbre à cames désaccordés', 'Crankshaft and camshaft out of step'],
  P0030: ['Chauffage de la sonde lambda avant', 'Front oxygen sensor heater'],
  P0036: ['Chauffage de la sonde lambda arrière', 'Rear oxygen sensor heater'],
  P0087: ['Pression de carburant trop basse', 'Fuel pressure too low'],
  P0088: ['Pression de carburant trop haute', 'Fuel pressure too high'],
  P0100: ['Débitmètre d’air, circuit', 'Air flow meter circuit'],
  P0101: ['Débitmètre d’air, valeur incohérente', 'Air flow meter out of range'],
  P0102: ['Débitmètre d’air, signal trop bas', 'Air flow meter signal low'],
  P0106: ['Pression d’admission incohérente', 'Intake pressure out of range'],
  P0113: ['Température d’air admis, signal trop haut', 'Intake air temperature signal high'],
  P0115: ['Température du liquide de refroidissement, circuit', 'Coolant temperature circuit'],
  P0116: ['Température du liquide incohérente', 'Coolant temperature out of range'],
  P0117: ['Température du liquide, signal trop bas', 'Coolant temperature signal low'],
  P0118: ['Température du liquide, signal trop haut', 'Coolant temperature signal high'],
  P0120: ['Position du papillon, circuit', 'Throttle position circuit'],
  P0121: ['Position du papillon incohérente', 'Throttle position out of range'],
  P0125: ['Moteur trop froid pour la régulation', 'Engine too cold for fuel control'],
  P0128: ['Thermostat : moteur qui ne chauffe pas assez', 'Thermostat: engine stays too cool'],
  P0130: ['Sonde lambda avant, circuit', 'Front oxygen sensor circuit'],
  P0133: ['Sonde lambda avant trop lente', 'Front oxygen sensor slow'],
  P0135: ['Chauffage de la sonde lambda avant, circuit', 'Front oxygen sensor heater circuit'],
  P0141: ['Chauffage de la sonde lambda arrière, circuit', 'Rear oxygen sensor heater circuit'],
  P0171: ['Mélange trop pauvre, rangée 1', 'Mixture too lean, bank 1'],
  P0172: ['Mélange trop riche, rangée 1', 'Mixture too rich, bank 1'],
  P0174: ['Mélange trop pauvre, rangée 2', 'Mixture too lean, bank 2'],
  P0175: ['Mélange trop riche, rangée 2', 'Mixture too rich, bank 2'],
  P0180: ['Température du carburant, circuit', 'Fuel temperature circuit'],
  P0190: ['Pression de rampe, circuit', 'Fuel rail pressure circuit'],
  P0191: ['Pression de rampe incohérente', 'Fuel rail pressure out of range'],
  P0201: ['Injecteur 1, circuit', 'Injector 1 circuit'],
  P0202: ['Injecteur 2, circuit', 'Injector 2 circuit'],
  P0203: ['Injecteur 3, circuit', 'Injector 3 circuit'],
  P0204: ['Injecteur 4, circuit', 'Injector 4 circuit'],
  P0217: ['Moteur en surchauffe', 'Engine overheating'],
  P0234: ['Suralimentation trop forte', 'Turbo boost too high'],
  P0299: ['Suralimentation trop faible', 'Turbo boost too low'],
  P0300: ['Ratés d’allumage sur plusieurs cylindres', 'Misfires on several cylinders'],
  P0301: ['Ratés d’allumage, cylindre 1', 'Misfire, cylinder 1'],
  P0302: ['Ratés d’allumage, cylindre 2', 'Misfire, cylinder 2'],
  P0303: ['Ratés d’allumage, cylindre 3', 'Misfire, cylinder 3'],
  P0304: ['Ratés d’allumage, cylindre 4', 'Misfire, cylinder 4'],
  P0325: ['Capteur de cliquetis, circuit', 'Knock sensor circuit'],
  P0335: ['Capteur de vilebrequin, circuit', 'Crankshaft sensor circuit'],
  P0340: ['Capteur d’arbre à cames, circuit', 'Camshaft sensor circuit'],
  P0380: ['Bougies de préchauffage, circuit', 'Glow plug circuit'],
  P0400: ['Recirculation des gaz (EGR), débit', 'Exhaust gas recirculation (EGR) flow'],
  P0401: ['Débit de recirculation des gaz (EGR) insuffisant', 'Exhaust gas recirculation (EGR) flow insufficient'],
  P0402: ['Débit de recirculation des gaz (EGR) excessif', 'Exhaust gas recirculation (EGR) flow excessive'],
  P0420: ['Catalyseur peu efficace, rangée 1', 'Catalytic converter weak, bank 1'],
  P0430: ['Catalyseur peu efficace, rangée 2', 'Catalytic converter weak, bank 2'],
  P0440: ['Vapeurs de carburant, circuit', 'Fuel vapour system'],
  P0442: ['Vapeurs de carburant, petite fuite', 'Fuel vapour system, small leak'],
  P0455: ['Vapeurs de carburant, grosse fuite', 'Fuel vapour system, large leak'],
  P0480: ['Ventilateur de refroidissement, circuit', 'Cooling fan circuit'],
  P0500: ['Capteur de vitesse du véhicule', 'Vehicle speed sensor'],
  P0505: ['Régulation du ralenti', 'Idle speed control'],
  P0506: ['Ralenti trop bas', 'Idle speed too low'],
  P0562: ['Tension du réseau de bord trop basse', 'System voltage too low'],
  P0563: ['Tension du réseau de bord trop haute', 'System voltage too high'],
  P0606: ['Calculateur moteur, défaut interne', 'Engine control unit, internal fault'],
  P0700: ['Boîte de vitesses : un défaut est signalé', 'Gearbox reports a fault'],
  P2002: ['Filtre à particules peu efficace', 'Particulate filter weak'],
  P2463: ['Filtre à particules chargé de suie', 'Particulate filter full of soot'],
  P20EE: ['Catalyseur SCR peu efficace (AdBlue)', 'SCR catalyst weak (AdBlue)'],
  U0100: ['Calculateur moteur injoignable', 'Engine control unit does not answer'],
  U0121: ['Calculateur ABS injoignable', 'ABS control unit does not answer'],
  C0035: ['Capteur de roue avant gauche', 'Front left wheel sensor'],
  B1000: ['Carrosserie, défaut interne du calculateur', 'Body control unit, internal fault'],
};

const FAMILIES: readonly (readonly [prefix: RegExp, fr: string, en: string])[] = [
  [/^P[02]0/, 'Air et carburant, mesure', 'Air and fuel metering'],
  [/^P01/, 'Air et carburant', 'Air and fuel'],
  [/^P02/, 'Injection', 'Injection'],
  [/^P03/, 'Allumage', 'Ignition'],
  [/^P04/, 'Dépollution', 'Emission control'],
  [/^P05/, 'Vitesse et ralenti', 'Speed and idling'],
  [/^P06/, 'Calculateur', 'Control unit'],
  [/^P0[789A]/, 'Transmission', 'Transmission'],
  [/^P1|^P3/, 'Moteur, code du constructeur', 'Engine, maker’s code'],
  [/^P/, 'Moteur ou transmission', 'Engine or transmission'],
  [/^C/, 'Châssis', 'Chassis'],
  [/^B/, 'Carrosserie', 'Body'],
  [/^U/, 'Réseau entre calculateurs', 'Network between control units'],
];

/** What a fault code says, in words; `isExact` is false when only its family is known. */
export function wordsOfFault(code: string, locale: Locale): { readonly text: string; readonly isExact: boolean } {
  const column = locale === 'fr' ? 0 : 1;
  const exact = CODES[code];
  if (exact) return { text: exact[column], isExact: true };
  const family = FAMILIES.find(([prefix]) => prefix.test(code));
  return { text: family ? (family[column + 1] as string) : code, isExact: false };
}
