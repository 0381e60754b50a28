'use client';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { session } from '@/lib/session';
import { MenuOnDemand } from '@/ui/menu-on-demand';
import classes from './top-bar.module.css';

const initialsOf = (name: string) =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((part) => part[0]?.toUpperCase() ?? '')
    .join('');

const load = () => import('./account-menu-body').then((module) => module.AccountMenuBody);

/** The person's initials; behind them language, theme, keyboard help and the way out. */
export function AccountMenu({ onShortcuts }: { readonly onShortcuts?: () => void }) {
  const t = useTranslations('shell.account');
  const name = useStore(session, (now) => now.person?.name);
  if (name === undefined) return null;
  const trigger = (
    <button type="button" className={classes.account} aria-label={t('menu')}>
      {initialsOf(name)}
    </button>
  );
  return <MenuOnDemand trigger={trigger} load={load} body={{ onShortcuts }} />;
}
