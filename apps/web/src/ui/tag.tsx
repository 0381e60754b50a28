'use client';
import type { VehicleState } from '@temoin/shared/vehicles';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Severity } from './severity-icon';
import { SeverityIcon } from './severity-icon';
import { StateGlyph } from './state-glyph';
import classes from './tag.module.css';

/** The state in words on its tinted ground; silence keeps its shape, since its colour is the parked one's. */
export function StateTag({ state, children }: { readonly state: VehicleState; readonly children?: ReactNode }) {
  const t = useTranslations('common.state');
  return (
    <span
      className={classes.tag}
      style={{ color: `var(--state-${state}-text)`, background: `var(--state-${state}-soft)` }}
    >
      {state === 'silent' && <StateGlyph state="silent" size={12} />}
      {children ?? t(state)}
    </span>
  );
}

/** A severity in words with its icon on its tinted ground. */
export function SeverityTag({ severity, children }: { readonly severity: Severity; readonly children?: ReactNode }) {
  const t = useTranslations('common.severity');
  return (
    <span className={classes.tag} style={{ color: `var(--${severity})`, background: `var(--${severity}-soft)` }}>
      <SeverityIcon severity={severity} size={16} />
      {children ?? t(severity)}
    </span>
  );
}

/** A plain count or word on sunken ground. */
export function PlainTag({ children }: { readonly children: ReactNode }) {
  return (
    <span className={classes.tag} style={{ color: 'var(--ink2)', background: 'var(--sunken)' }}>
      {children}
    </span>
  );
}
