'use client';
import { IconSearch } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatDayAndTime } from '@/lib/format/times';
import { useNow } from '@/lib/use-now';
import { Kbd } from '@/ui/kbd';
import { Logo } from '@/ui/logo';
import { AccountMenu } from './account-menu';
import { LiveStatusBadge } from './live-status';
import { NoticesBell } from './notices-bell';
import classes from './top-bar.module.css';

interface TopBarProps {
  readonly place: string;
  readonly onSearch: () => void;
  readonly onShortcuts: () => void;
  readonly onNotices: () => void;
  readonly className?: string | undefined;
}

export function TopBar({ place, onSearch, onShortcuts, onNotices, className }: TopBarProps) {
  const t = useTranslations('shell.search');
  const language = useLanguage();
  const now = useNow(15_000);
  return (
    <header className={`${classes.bar} ${className ?? ''}`} data-place={place}>
      <span className={classes.logo}>
        <Logo size={28} />
      </span>
      <button
        type="button"
        className={classes.search}
        onClick={onSearch}
        aria-label={t('open')}
        aria-keyshortcuts="Control+K Meta+K"
      >
        <IconSearch size={18} stroke={1.75} aria-hidden />
        <span>{t('placeholder')}</span>
        <Kbd>Ctrl K</Kbd>
      </button>
      <div className={classes.end}>
        <LiveStatusBadge />
        <time className={classes.date} dateTime={new Date(now).toISOString()}>
          {formatDayAndTime(now, language)}
        </time>
        <NoticesBell onOpen={onNotices} />
        <AccountMenu onShortcuts={onShortcuts} />
      </div>
    </header>
  );
}
