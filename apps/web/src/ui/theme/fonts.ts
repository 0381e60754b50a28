export const FONT_SANS = "'IBM Plex Sans Variable', 'IBM Plex Sans', system-ui, sans-serif";
export const FONT_MONO = "'IBM Plex Mono', ui-monospace, monospace";
