import type { Locale } from '@temoin/shared/accounts';
import { createStore } from 'zustand/vanilla';
import { readStored, writeStored } from '@/lib/stored';

// Theme and language of this browser. The inline script in the page head reads the same keys before the first paint,
// so that nothing flashes; this store takes over afterwards.

export type ThemeChoice = 'light' | 'dark' | 'auto';

export const THEME_KEY = 'temoin.theme';
export const LOCALE_KEY = 'temoin.locale';

interface Preferences {
  readonly theme: ThemeChoice;
  readonly scheme: 'light' | 'dark';
  readonly locale: Locale;
}

const isBrowser = typeof window !== 'undefined';
const darkQuery = () => window.matchMedia('(prefers-color-scheme: dark)');

function storedTheme(): ThemeChoice {
  const value = readStored(THEME_KEY);
  return value === 'light' || value === 'dark' ? value : 'auto';
}

function initialLocale(): Locale {
  const value = readStored(LOCALE_KEY);
  if (value === 'fr' || value === 'en') return value;
  return (globalThis.navigator?.language ?? 'fr').toLowerCase().startsWith('fr') ? 'fr' : 'en';
}

const schemeOf = (theme: ThemeChoice) =>
  theme === 'auto' ? (isBrowser && darkQuery().matches ? 'dark' : 'light') : theme;

const theme = isBrowser ? storedTheme() : 'auto';

export const preferences = createStore<Preferences>(() => ({
  theme,
  scheme: schemeOf(theme),
  locale: isBrowser ? initialLocale() : 'fr',
}));

function show(): void {
  const { scheme, locale } = preferences.getState();
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
  document.documentElement.lang = locale;
}

/** Chooses light, dark or the system's scheme, remembers it and shows it at once. */
export function chooseTheme(choice: ThemeChoice): void {
  writeStored(THEME_KEY, choice === 'auto' ? undefined : choice);
  preferences.setState({ theme: choice, scheme: schemeOf(choice) });
  show();
}

/** Chooses the language, remembers it and shows it at once. */
export function chooseLocale(locale: Locale): void {
  writeStored(LOCALE_KEY, locale);
  preferences.setState({ locale });
  show();
}

/** Takes the account's language where this browser has no choice of its own. */
export function suggestLocale(locale: Locale): void {
  if (readStored(LOCALE_KEY)) return;
  // Kept, so that the next start is in this language from its first paint.
  writeStored(LOCALE_KEY, locale);
  preferences.setState({ locale });
  show();
}

if (isBrowser) {
  darkQuery().addEventListener('change', () => {
    if (preferences.getState().theme !== 'auto') return;
    preferences.setState({ scheme: schemeOf('auto') });
    show();
  });
  // Another tab chose: follow it.
  window.addEventListener('storage', (event) => {
    if (event.key === THEME_KEY) preferences.setState({ theme: storedTheme(), scheme: schemeOf(storedTheme()) });
    else if (event.key === LOCALE_KEY) preferences.setState({ locale: initialLocale() });
    else return;
    show();
  });
}

/** Runs in the head before the first paint; kept as text so that its hash is the same in every page. */
export const FIRST_PAINT_SCRIPT = `(()=>{const d=document.documentElement;let t,l;try{t=localStorage.getItem('${THEME_KEY}');l=localStorage.getItem('${LOCALE_KEY}')}catch{}
d.setAttribute('data-mantine-color-scheme',t==='dark'||(t!=='light'&&matchMedia('(prefers-color-scheme: dark)').matches)?'dark':'light');
d.lang=l==='fr'||l==='en'?l:(navigator.language||'fr').toLowerCase().startsWith('fr')?'fr':'en'})()`;
