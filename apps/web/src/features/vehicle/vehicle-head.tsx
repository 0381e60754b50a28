'use client';
import { Button, Menu } from '@mantine/core';
import { IconArrowLeft, IconChevronRight, IconDotsVertical, IconDownload, IconMap } from '@tabler/icons-react';
import type { VehicleDetail } from '@temoin/shared/vehicles';
import { stateOf } from '@temoin/shared/vehicles';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatQuantity } from '@/lib/format/numbers';
import { formatMoment, formatSpan } from '@/lib/format/times';
import { useNow } from '@/lib/use-now';
import { Freshness } from '@/ui/freshness';
import { StateGlyph } from '@/ui/state-glyph';
import { PlainTag, StateTag } from '@/ui/tag';
import { type Tab, vehicleAddress } from './use-address';
import { useMay } from './use-may';
import { vehicleNow } from './vehicle-changes';
import styles from './vehicle-head.module.css';

interface HeadProps {
  readonly vehicle: VehicleDetail;
  readonly address: string;
  readonly tab: Tab;
  readonly tabs: readonly Tab[];
  readonly copiedAt: number | undefined;
  readonly onTab: (tab: Tab) => void;
  readonly onExport: () => void;
}

/** Which vehicle this is, how it is, how fresh that is, and the tabs. The same on every tab. */
export function VehicleHead({ vehicle, address, tab, tabs, copiedAt, onTab, onExport }: HeadProps) {
  const t = useTranslations('vehicle');
  const language = useLanguage();
  const now = useNow();
  const mayExport = useMay('vehicle.export');
  const mayLive = useMay('vehicle.live');
  const state = stateOf(vehicle, now);
  return (
    <header className={styles.head}>
      <nav className={styles.crumbs} aria-label={t('list')}>
        <Link href="/vehicles">{t('list')}</Link>
        <IconChevronRight size={14} stroke={1.75} aria-hidden />
        <span>{vehicle.label}</span>
      </nav>
      <div className={styles.titleRow}>
        <Link href="/vehicles" className={styles.back} aria-label={t('backToList')}>
          <IconArrowLeft size={21} stroke={1.75} aria-hidden />
        </Link>
        <div className={styles.who}>
          <span className={styles.glyph}>
            <StateGlyph
              state={state}
              size={24}
              headingDeg={vehicle.position?.courseDeg}
              muted={copiedAt !== undefined}
            />
          </span>
          <h1 className={styles.plate}>{vehicle.label}</h1>
          <StateTag state={state}>
            <StateWords vehicle={vehicle} state={state} now={now} />
          </StateTag>
          {(vehicle.origin === 'replayed' || vehicle.origin === 'simulated') && (
            <span title={t(`originWords.${vehicle.origin}`)}>
              <PlainTag>{t(`origin.${vehicle.origin}`)}</PlainTag>
            </span>
          )}
          <span className={styles.freshness}>
            <Freshness vehicle={vehicle} isCopy={copiedAt !== undefined} />
          </span>
        </div>
        <div className={styles.buttons}>
          {mayExport && (
            <Button variant="default" leftSection={<IconDownload size={18} stroke={1.75} />} onClick={onExport}>
              {t('actions.export')}
            </Button>
          )}
          {mayLive && (
            <Button
              component={Link}
              href={`/?vehicle=${encodeURIComponent(vehicle.id)}`}
              leftSection={<IconMap size={18} stroke={1.75} />}
            >
              {t('actions.follow')}
            </Button>
          )}
        </div>
        {(mayLive || mayExport) && (
          <Menu position="bottom-end">
            <Menu.Target>
              <button type="button" className={styles.more} aria-label={t('actions.more')}>
                <IconDotsVertical size={21} stroke={1.75} aria-hidden />
              </button>
            </Menu.Target>
            <Menu.Dropdown>
              {mayLive && (
                <Menu.Item
                  component={Link}
                  href={`/?vehicle=${encodeURIComponent(vehicle.id)}`}
                  leftSection={<IconMap size={16} stroke={1.75} />}
                >
                  {t('actions.follow')}
                </Menu.Item>
              )}
              {mayExport && (
                <Menu.Item leftSection={<IconDownload size={16} stroke={1.75} />} onClick={onExport}>
                  {t('actions.export')}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      <Facts vehicle={vehicle} />
      {copiedAt !== undefined && (
        <p className={styles.copy}>{t('copyOf', { time: formatMoment(copiedAt, now, language) })}</p>
      )}
      <nav className={styles.tabs} aria-label={t('tabs.label')}>
        {tabs.map((one) => (
          <a
            key={one}
            href={vehicleAddress(address, one)}
            className={styles.tab}
            aria-current={one === tab ? 'page' : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              onTab(one);
            }}
          >
            {t(`tabs.${one}`)}
            {one === 'engine' && (vehicle.faults?.codes.length ?? 0) > 0 && (
              <span className={styles.count}>{vehicle.faults?.codes.length}</span>
            )}
          </a>
        ))}
      </nav>
    </header>
  );
}

function Facts({ vehicle }: { readonly vehicle: VehicleDetail }) {
  const t = useTranslations('vehicle');
  const model = [
    [vehicle.make, vehicle.model].filter((part, i, all) => part && !(i === 0 && all[1]?.startsWith(part))).join(' '),
    vehicle.year,
  ]
    .filter(Boolean)
    .join(', ');
  const facts: readonly [key: string, fact: ReactNode][] = [
    ['model', model],
    ['vin', <code key="vin">{vehicle.vin}</code>],
    ['driver', vehicle.driver],
    ['contract', vehicle.contract && t('contract', { number: vehicle.contract.number })],
  ];
  return (
    <ul className={styles.facts}>
      {facts
        .filter(([, fact]) => fact)
        .map(([key, fact]) => (
          <li key={key}>{fact}</li>
        ))}
    </ul>
  );
}

interface StateWordsProps {
  readonly vehicle: VehicleDetail;
  readonly state: ReturnType<typeof stateOf>;
  readonly now: number;
}

/** `En route, 48 km/h`, `Ralenti, 4 min`, `Garé, 3 h 12`: on a phone the state alone. */
function StateWords({ vehicle, state, now }: StateWordsProps) {
  const t = useTranslations('vehicle');
  const states = useTranslations('common.state');
  const language = useLanguage();
  const span =
    vehicle.standingSince === undefined
      ? undefined
      : formatSpan(vehicleNow(vehicle, now) - vehicle.standingSince, language);
  const long =
    state === 'moving' && vehicle.speedKmh !== undefined
      ? t('moving', { speed: formatQuantity(vehicle.speedKmh, 'km/h', language) })
      : state === 'idling' && span
        ? t('idlingSince', { span })
        : state === 'parked' && span
          ? t('parkedSince', { span })
          : states(state);
  return (
    <>
      <span className={styles.long}>{long}</span>
      <span className={styles.short}>{states(state)}</span>
    </>
  );
}
