import type { shellFr } from './messages.fr';

export const shellEn: typeof shellFr = {
  nav: { label: 'Main navigation', map: 'Map', vehicles: 'Vehicles', settings: 'Settings' },
  search: {
    open: 'Search for a vehicle',
    placeholder: 'Plate, VIN, model, driver',
    short: 'Plate, model, name',
    empty: 'No vehicle matches “{text}”. Check the plate or the VIN.',
    hint: 'Type a plate, a VIN, a model or a name.',
    results: '{count, plural, =0 {No result} one {# result} other {# results}}',
  },
  live: {
    live: 'Live',
    connecting: 'Connecting',
    reconnecting: 'Reconnecting',
    offline: 'Offline',
  },
  account: { menu: 'Account and preferences', signedInAs: 'Signed in as {name}', shortcuts: 'Keyboard shortcuts' },
  shortcuts: {
    title: 'Keyboard shortcuts',
    search: 'Search for a vehicle',
    filter: 'Filter the list',
    next: 'Next, previous vehicle',
    open: 'Open the chosen vehicle',
    close: 'Close the card',
    fit: 'Show all vehicles',
    help: 'This list',
  },
};
