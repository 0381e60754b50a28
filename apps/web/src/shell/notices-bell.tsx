'use client';
import { IconBell } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { useFleet } from '@/features/fleet/use-fleet';
import classes from './top-bar.module.css';

/** How many alarms wait, on every page. */
export function NoticesBell({ onOpen }: { readonly onOpen: () => void }) {
  const t = useTranslations('fleet.notices');
  const { vehicles } = useFleet();
  const count = useMemo(() => [...vehicles.values()].filter((vehicle) => vehicle.alarm).length, [vehicles]);
  const open = () => {
    const column = document.getElementById('notices');
    if (column) column.focus();
    else onOpen();
  };
  return (
    <button type="button" className={classes.bell} aria-label={t('open', { count })} onClick={open}>
      <IconBell size={20} stroke={1.75} aria-hidden />
      {count > 0 && <span className={classes.badge}>{count > 99 ? '99+' : count}</span>}
    </button>
  );
}
