'use client';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { followFleet } from '@/features/fleet/fleet-store';
import { SearchDialog } from '@/features/fleet/search/search-dialog';
import { openSearch } from '@/features/fleet/search/search-store';
import { session } from '@/lib/session';
import { Nav } from './nav';
import { NoticesDrawer } from './notices-drawer';
import { OfflineBar } from './offline-bar';
import { SessionGate } from './session-gate';
import classes from './shell.module.css';
import { ShortcutsDialog } from './shortcuts-dialog';
import { TopBar } from './top-bar';
import { UpdateLine } from './update-line';

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
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [areNoticesOpen, setNoticesOpen] = useState(false);
  const personId = useStore(session, (now) => now.person?.id);
  const phase = useStore(session, (now) => now.phase);
  // The fleet is followed while someone is signed in, on every page: search, notices and the map share it.
  useEffect(() => (personId && phase === 'in' ? followFleet() : undefined), [personId, phase]);
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        {t('skipToContent')}
      </a>
      <div className={classes.notice}>
        <OfflineBar />
        <UpdateLine />
      </div>
      <TopBar
        className={classes.top}
        place={place}
        onSearch={openSearch}
        onShortcuts={() => setHelpOpen(true)}
        onNotices={() => setNoticesOpen(true)}
      />
      <main id="main" className={classes.main} tabIndex={-1}>
        {children}
      </main>
      <Nav className={classes.nav} />
      <SearchDialog />
      <NoticesDrawer isOpen={areNoticesOpen} onClose={() => setNoticesOpen(false)} />
      <ShortcutsDialog isOpen={isHelpOpen} onOpen={() => setHelpOpen(true)} onClose={() => setHelpOpen(false)} />
    </div>
  );
}
