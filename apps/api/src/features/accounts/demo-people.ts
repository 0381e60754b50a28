import type { Role } from '@temoin/shared/accounts';

// The demonstration's insurer. Names and numbers are invented; the password is public, so none of this is ever made unless
// somebody asks for the demonstration.

export const DEMO_ORGANISATION = 'Alsace Mutuelle';
export const DEMO_PASSWORD = 'temoin-demo-67';

export interface DemoPerson {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Which client record it is, for the role `client`. */
  readonly client?: string;
}

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { email: 'camille@demo.example', name: 'Camille Muller', role: 'administrator' },
  { email: 'paul@demo.example', name: 'Paul Schmitt', role: 'portfolio_manager' },
  { email: 'sarah@demo.example', name: 'Sarah Lentz', role: 'claims_handler' },
  { email: 'farid@demo.example', name: 'Farid Benali', role: 'fleet_desk' },
  { email: 'claire@demo.example', name: 'Claire Weber', role: 'client', client: 'Claire Weber' },
  { email: 'anne@demo.example', name: 'Anne Klein', role: 'auditor' },
];

export interface DemoClient {
  readonly name: string;
  /** Who drives; a person drives their own car. */
  readonly drivers: readonly string[];
  /** How many of the first vehicles are theirs, and afterwards how often one more is. */
  readonly share: number;
}

export const DEMO_CLIENTS: readonly DemoClient[] = [
  { name: 'Claire Weber', drivers: ['Claire Weber'], share: 1 },
  { name: 'Boulangerie Kuntz', drivers: ['Mathieu Kuntz', 'Lucie Kuntz'], share: 2 },
  { name: 'Menuiserie Hirtz & Fils', drivers: ['Thierry Hirtz', 'Nicolas Hirtz', 'Jonas Ott'], share: 3 },
  { name: 'Martine Huber', drivers: ['Martine Huber'], share: 1 },
  { name: 'Ried Livraisons', drivers: ['Yanis Haddad', 'Sophie Baumann', 'Kevin Roth', 'Marie Fuchs'], share: 4 },
  { name: 'Soins à domicile de l’Ill', drivers: ['Élodie Jung', 'Nadia Ferri', 'Hélène Zorn'], share: 3 },
  { name: 'Jean-Luc Obrecht', drivers: ['Jean-Luc Obrecht'], share: 1 },
  { name: 'Électricité Schaeffer', drivers: ['Marc Schaeffer', 'Hugo Wolff', 'Théo Lang'], share: 3 },
  { name: 'Aïcha Meyer', drivers: ['Aïcha Meyer'], share: 1 },
  { name: 'Taxis de la Krutenau', drivers: ['Luc Steiner', 'Amina Diallo', 'Pierre Gross'], share: 3 },
  { name: 'Vignobles Freyburger', drivers: ['Gaspard Freyburger', 'Louise Freyburger'], share: 2 },
  { name: 'Émilie Strub', drivers: ['Émilie Strub'], share: 1 },
];

export interface DemoModel {
  readonly make: string;
  readonly model: string;
  readonly fuel: 'diesel' | 'petrol' | 'electric' | 'hybrid';
  /** The maker's part of the VIN, and the model's. */
  readonly wmi: string;
  readonly vds: string;
  readonly plate?: string;
}

/** The first of them are the vehicles of the pictures, with their plates. */
export const DEMO_MODELS: readonly DemoModel[] = [
  { make: 'Peugeot', model: '308 SW', fuel: 'diesel', wmi: 'VF3', vds: 'LBYHZ', plate: 'GB-482-KT' },
  { make: 'Renault', model: 'Kangoo', fuel: 'diesel', wmi: 'VF1', vds: 'RFK00', plate: 'EX-730-MB' },
  { make: 'Citroën', model: 'Berlingo', fuel: 'diesel', wmi: 'VF7', vds: 'ECYHY', plate: 'FR-208-VD' },
  { make: 'VW', model: 'Crafter', fuel: 'diesel', wmi: 'WV1', vds: 'ZZZSY', plate: 'GK-655-NB' },
  { make: 'Renault', model: 'Clio V', fuel: 'petrol', wmi: 'VF1', vds: 'RJA00', plate: 'FZ-119-QL' },
  { make: 'Dacia', model: 'Duster', fuel: 'petrol', wmi: 'UU1', vds: 'HJDAG', plate: 'EV-912-CR' },
  { make: 'Peugeot', model: 'Partner', fuel: 'diesel', wmi: 'VF3', vds: 'EFYHY', plate: 'DW-047-SZ' },
  { make: 'Tesla', model: 'Model 3', fuel: 'electric', wmi: 'LRW', vds: '3E7EA', plate: 'GA-371-PF' },
  { make: 'Fiat', model: '500', fuel: 'petrol', wmi: 'ZFA', vds: '31200', plate: 'FN-584-LH' },
  { make: 'Toyota', model: 'Yaris', fuel: 'hybrid', wmi: 'VNK', vds: 'KBAC3', plate: 'EL-266-TG' },
  { make: 'Renault', model: 'Master', fuel: 'diesel', wmi: 'VF1', vds: 'MAF00', plate: 'GC-803-JX' },
];
