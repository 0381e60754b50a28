import type { MantineThemeComponents } from '@mantine/core';

// Plain objects by name: importing a component here would load it with every page. Sizes of Mantine's controls as the look wants them: button 34 (small 28, touch 44), field 34 (form 38, touch 44).

const HEIGHTS: Readonly<Record<string, string>> = { xs: '28px', sm: '34px', md: '38px', lg: '44px', xl: '48px' };
const heightOf = (size: unknown, usual: string) => HEIGHTS[typeof size === 'string' ? size : usual] ?? usual;

/** Defaults and sizes by component. */
export const components: MantineThemeComponents = {
  Button: {
    defaultProps: { size: 'sm' },
    vars: (_theme: unknown, props: { size?: unknown; variant?: unknown }) => ({
      root: {
        '--button-height': heightOf(props.size, 'sm'),
        '--button-padding-x': props.size === 'xs' ? '10px' : '14px',
        '--button-fz': props.size === 'lg' ? '16px' : '14px',
        // Mantine writes white on every filled ground; on the light accent of the dark scheme that cannot be read.
        ...(props.variant === undefined || props.variant === 'filled' ? { '--button-color': 'var(--on-accent)' } : {}),
      },
    }),
    styles: { label: { fontWeight: 600 }, section: { marginInlineEnd: 8 } },
  },
  ActionIcon: {
    defaultProps: { size: 'sm' },
    vars: (_theme: unknown, props: { size?: unknown }) => ({ root: { '--ai-size': heightOf(props.size, 'sm') } }),
  },
  TextInput: {
    defaultProps: { size: 'sm' },
    vars: (_theme: unknown, props: { size?: unknown }) => ({
      wrapper: { '--input-height': heightOf(props.size, 'sm'), '--input-fz': '14px' },
      root: {},
    }),
  },
  PasswordInput: {
    defaultProps: { size: 'md' },
    vars: (_theme: unknown, props: { size?: unknown }) => ({
      wrapper: { '--input-height': heightOf(props.size, 'md'), '--input-fz': '14px' },
      root: {},
    }),
  },
  Menu: {
    defaultProps: { shadow: 'none', radius: 6, transitionProps: { duration: 0 } },
    styles: {
      dropdown: { border: '1px solid var(--line)', boxShadow: 'var(--shadow-dialog)', background: 'var(--surface)' },
      item: { padding: '7px 12px', fontSize: 14 },
      itemSection: { marginInlineEnd: 10 },
      label: { color: 'var(--ink3)', fontSize: 12, padding: '6px 12px 2px' },
    },
  },
  Modal: {
    defaultProps: { radius: 8, shadow: 'none', overlayProps: { backgroundOpacity: 0.45, color: '#0A0E10' } },
    styles: {
      content: { boxShadow: 'var(--shadow-dialog)', background: 'var(--surface)' },
      title: { fontSize: 16, fontWeight: 600 },
      header: { background: 'var(--surface)' },
    },
  },
  Drawer: {
    defaultProps: { shadow: 'none', overlayProps: { backgroundOpacity: 0.3, color: '#0A0E10' } },
    styles: { content: { boxShadow: 'var(--shadow-dialog)', background: 'var(--surface)' }, body: { height: '100%' } },
  },
};
