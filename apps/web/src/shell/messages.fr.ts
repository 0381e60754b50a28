export const shellFr = {
  nav: { label: 'Navigation principale', map: 'Carte', vehicles: 'Véhicules', settings: 'Réglages' },
  search: {
    open: 'Rechercher un véhicule',
    placeholder: 'Plaque, VIN, modèle, conducteur',
    short: 'Plaque, modèle, nom',
    empty: 'Aucun véhicule ne correspond à « {text} ». Vérifiez la plaque ou le VIN.',
    hint: 'Tapez une plaque, un VIN, un modèle ou un nom.',
    results: '{count, plural, =0 {Aucun résultat} one {# résultat} other {# résultats}}',
  },
  live: {
    live: 'En direct',
    connecting: 'Connexion',
    reconnecting: 'Reconnexion',
    offline: 'Hors ligne',
  },
  account: {
    menu: 'Compte et préférences',
    signedInAs: 'Connecté en tant que {name}',
    shortcuts: 'Raccourcis clavier',
  },
  shortcuts: {
    title: 'Raccourcis clavier',
    search: 'Rechercher un véhicule',
    filter: 'Filtrer la liste',
    next: 'Véhicule suivant, précédent',
    open: 'Ouvrir le véhicule choisi',
    close: 'Fermer la fiche',
    fit: 'Cadrer tous les véhicules',
    help: 'Cette liste',
  },
};
