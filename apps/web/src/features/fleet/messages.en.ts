import type { fleetFr } from './messages.fr';

export const fleetEn: typeof fleetFr = { title: '' };
