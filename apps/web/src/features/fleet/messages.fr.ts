export const fleetFr = { title: '' };
