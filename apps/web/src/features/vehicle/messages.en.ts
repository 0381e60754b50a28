import type { vehicleFr } from './messages.fr';
export const vehicleEn: typeof vehicleFr = {
  title: 'Vehicle',
};
