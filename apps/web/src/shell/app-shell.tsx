'use client';
import dynamic from 'next/dynamic';
import { usePathname } from 'next/navigation';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { followFleet } from '@/features/fleet/fleet-store';
import { openSearch, search } from '@/features/fleet/search/search-store';
import { session } from '@/lib/session';
import { Nav } from './nav';
import { OfflineBar } from './offline-bar';
import { SessionGate } from './session-gate';
import classes from './shell.module.css';
import { TopBar } from './top-bar';
import { UpdateLine } from './update-line';
import { useShellKeys } from './use-shell-keys';

// Dialogs are fetched when they are first asked for: nobody needs them to see the map.
const SearchDialog = dynamic(
  () => import('@/features/fleet/search/search-dialog').then((module) => module.SearchDialog),
  { ssr: false },
);
const NoticesDrawer = dynamic(() => import('./notices-drawer').then((module) => module.NoticesDrawer), { ssr: false });
const ShortcutsDialog = dynamic(() => import('./shortcuts-dialog').then((module) => module.ShortcutsDialog), {
  ssr: false,
});

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
  const isSearchOpen = useStore(search, (now) => now.isOpen);
  const openHelp = useCallback(() => setHelpOpen(true), []);
  useShellKeys(openHelp);
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
        onShortcuts={openHelp}
        onNotices={() => setNoticesOpen(true)}
      />
      <main id="main" className={classes.main} tabIndex={-1}>
        {children}
      </main>
      <Nav className={classes.nav} />
      {isSearchOpen && <SearchDialog />}
      {areNoticesOpen && <NoticesDrawer onClose={() => setNoticesOpen(false)} />}
      {isHelpOpen && <ShortcutsDialog onClose={() => setHelpOpen(false)} />}
    </div>
  );
}
