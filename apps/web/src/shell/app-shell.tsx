'use client';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Nav } from './nav';
import { SessionGate } from './session-gate';
import classes from './shell.module.css';
import { TopBar } from './top-bar';

/** Rail or bottom bar, top bar, and the page between them. */
export function AppShell({ children }: { readonly children: ReactNode }) {
  return (
    <SessionGate>
      <Frame>{children}</Frame>
    </SessionGate>
  );
}

function Frame({ children }: { readonly children: ReactNode }) {
  const t = useTranslations('common');
  const place = usePathname() === '/' ? 'map' : 'page';
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        {t('skipToContent')}
      </a>
      <TopBar className={classes.top} place={place} onSearch={() => undefined} onShortcuts={() => undefined} />
      <main id="main" className={classes.main} tabIndex={-1}>
        {children}
      </main>
      <Nav className={classes.nav} />
    </div>
  );
}
