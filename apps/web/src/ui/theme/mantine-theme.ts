import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';
import { FONT_MONO, FONT_SANS } from './fonts';
import { components } from './mantine-components';
import { PALETTE, type Scheme } from './palette';

// Mantine's own variables are pointed at our tokens, so its components and ours can never disagree about a colour.

const accent: MantineColorsTuple = [
  '#DCEDEF',
  '#B9DBDF',
  '#8AD8E0',
  '#62C6D1',
  '#38A0AC',
  '#1B7A86',
  '#0B5F6B',
  '#084A54',
  '#063A42',
  '#04211F',
];

export const theme = createTheme({
  fontFamily: FONT_SANS,
  fontFamilyMonospace: FONT_MONO,
  headings: { fontFamily: FONT_SANS, fontWeight: '600' },
  colors: { accent },
  primaryColor: 'accent',
  components,
  primaryShade: { light: 6, dark: 3 },
  autoContrast: false,
  defaultRadius: '4px',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '18px', md: '20px', lg: '22px', xl: '26px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  breakpoints: { xs: '400px', sm: '640px', md: '834px', lg: '1024px', xl: '1700px' },
});

const tokensOf = (scheme: Scheme): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(PALETTE[scheme]).map(([name, value]) => [`--${name}`, value])),
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink3)',
  '--mantine-color-placeholder': 'var(--ink3)',
  '--mantine-color-error': 'var(--critical)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--sunken)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--control)',
  '--mantine-color-disabled': 'var(--sunken)',
  '--mantine-color-disabled-color': 'var(--ink3)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
  '--mantine-primary-color-light': 'var(--accent-soft)',
  '--mantine-primary-color-light-hover': 'var(--accent-soft)',
  '--mantine-primary-color-light-color': 'var(--accent)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
  '--mantine-color-accent-filled': 'var(--accent)',
  '--mantine-color-accent-filled-hover': 'var(--accent-hover)',
  '--mantine-color-accent-light': 'var(--accent-soft)',
  '--mantine-color-accent-light-color': 'var(--accent)',
});

/** Gives Mantine and our own style sheets the token variables of both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: tokensOf('light'),
  dark: tokensOf('dark'),
});
