
export const vehicleFr = {
  title: 'Véhicule',
};
