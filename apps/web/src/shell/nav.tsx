'use client';
import { IconCar, IconMap2, IconSettings } from '@tabler/icons-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'use-intl';
import { Logo } from '@/ui/logo';
import classes from './nav.module.css';

// The same places at every width: a rail at the side on desktops, a bar below on phones and tablets. Only pages that exist.

const PLACES = [
  { key: 'map', href: '/', Icon: IconMap2, isHere: (path: string) => path === '/' },
  { key: 'vehicles', href: '/vehicles', Icon: IconCar, isHere: (path: string) => path.startsWith('/vehicle') },
  { key: 'settings', href: '/settings', Icon: IconSettings, isHere: (path: string) => path.startsWith('/settings') },
] as const;

export function Nav({ className }: { readonly className?: string | undefined }) {
  const t = useTranslations('shell.nav');
  const path = usePathname().replace(/\.html$/, '');
  return (
    <nav className={`${classes.nav} ${className ?? ''}`} aria-label={t('label')}>
      <Link href="/" className={classes.logo} aria-label="Temoin">
        <Logo size={32} />
      </Link>
      {PLACES.map(({ key, href, Icon, isHere }) => (
        <Link
          key={key}
          href={href}
          className={classes.place}
          data-place={key}
          aria-current={isHere(path) ? 'page' : undefined}
        >
          <Icon size={21} stroke={1.75} aria-hidden />
          <span>{t(key)}</span>
        </Link>
      ))}
    </nav>
  );
}
