'use client';
import { ActionIcon, Button } from '@mantine/core';
import { IconCurrentLocation, IconX } from '@tabler/icons-react';
import { freshnessOf, lastHeardAt, stateOf, type VehicleNow } from '@temoin/shared/vehicles';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { useLanguage } from '@/i18n/use-words';
import { formatNumber, formatQuantity } from '@/lib/format/numbers';
import { formatDate, formatDirection, formatMoment } from '@/lib/format/times';
import { session } from '@/lib/session';
import { useNow } from '@/lib/use-now';
import { Freshness } from '@/ui/freshness';
import { StateTag } from '@/ui/tag';
import { followVehicle, selection, selectVehicle } from '../fleet-selection';
import { useVehicleWords } from '../vehicle-words';
import { Measures } from './measures';
import classes from './vehicle-card.module.css';

interface VehicleCardProps {
  readonly vehicle: VehicleNow;
  readonly copiedAt: number | undefined;
  readonly variant: 'floating' | 'sheet';
}

/** The chosen vehicle over the map: what it does, where, how fresh and how sure that is, and where to go from here. */
export function VehicleCard({ vehicle, copiedAt, variant }: VehicleCardProps) {
  const t = useTranslations('fleet.card');
  const clock = useNow();
  const now = copiedAt ?? clock;
  const words = useVehicleWords();
  const state = stateOf(vehicle, now);
  const isFollowing = useStore(selection, (current) => current.isFollowing);
  const fresh = <Freshness vehicle={vehicle} isCopy={copiedAt !== undefined} />;
  const alarm = words.alarm(vehicle);
  return (
    <section
      className={`${classes.card} ${variant === 'floating' ? classes.floating : classes.inSheet}`}
      aria-label={t('label')}
    >
      <div className={classes.body}>
        <div className={classes.head}>
          <h2 className={classes.plate}>{vehicle.label}</h2>
          <StateTag state={state} />
          {variant === 'sheet' ? (
            <span className={classes.end}>{fresh}</span>
          ) : (
            <ActionIcon
              className={classes.close}
              variant="subtle"
              color="gray"
              aria-label={t('close')}
              onClick={() => selectVehicle(undefined)}
            >
              <IconX size={18} stroke={1.75} />
            </ActionIcon>
          )}
        </div>
        <div className={classes.who}>{[vehicle.model, vehicle.driver].filter(Boolean).join(' · ')}</div>
        {alarm && <div className={classes.alarm}>{alarm}</div>}
        <Now vehicle={vehicle} now={now} />
        {variant === 'floating' && (
          <div className={classes.fresh}>
            {fresh}
            <Accuracy vehicle={vehicle} />
          </div>
        )}
        {variant === 'sheet' && <Measures vehicleId={vehicle.id} known={vehicle.latest} />}
      </div>
      <div className={classes.actions}>
        <Button
          component={Link}
          href={`/vehicle?id=${encodeURIComponent(vehicle.id)}`}
          size={variant === 'sheet' ? 'lg' : 'sm'}
        >
          {variant === 'sheet' ? t('openPage') : t('open')}
        </Button>
        <Button
          variant={isFollowing ? 'light' : 'default'}
          size={variant === 'sheet' ? 'lg' : 'sm'}
          aria-pressed={isFollowing}
          disabled={!vehicle.position}
          leftSection={<IconCurrentLocation size={18} stroke={1.75} />}
          onClick={() => followVehicle(!isFollowing)}
        >
          {isFollowing ? t('following') : t('follow')}
        </Button>
      </div>
    </section>
  );
}

/** Speed large while it is known; else since when it stands or where it was last. */
function Now({ vehicle, now }: { readonly vehicle: VehicleNow; readonly now: number }) {
  const t = useTranslations('fleet.card');
  const language = useLanguage();
  const mayLive = useStore(session, (current) => current.person?.permissions.includes('vehicle.live') ?? false);
  const words = useVehicleWords();
  const state = stateOf(vehicle, now);
  const isLate = freshnessOf(vehicle, now) === 'late';
  const heardAt = lastHeardAt(vehicle);
  const place = words.place(vehicle);
  const { position, standingSince } = vehicle;
  const note = () => {
    if (!mayLive) return t('positionReserved');
    if (!position) return t('noPosition');
    if (isLate && heardAt !== undefined) return t('lastCertain', { time: formatMoment(position.at, now, language) });
    if (state === 'idling' && standingSince !== undefined)
      return t('idling', { time: formatMoment(standingSince, now, language) });
    if (state === 'parked' && standingSince !== undefined)
      return t('standing', { time: formatMoment(standingSince, now, language) });
    if (position.courseDeg !== undefined && (vehicle.speedKmh ?? 0) >= 3)
      return t('heading', { direction: formatDirection(position.courseDeg, language) });
    return '';
  };
  return (
    <div className={classes.now}>
      <div className={classes.value}>
        {isLate ? '–' : formatNumber(vehicle.speedKmh, language)}
        {!isLate && vehicle.speedKmh !== undefined && <span className={classes.unit}>km/h</span>}
      </div>
      <div className={classes.place}>
        <div>{place}</div>
        <div className={classes.note}>{note()}</div>
        {vehicle.origin === 'replayed' && vehicle.lastReadingAt !== undefined && (
          <div className={classes.note}>{t('replayed', { date: formatDate(vehicle.lastReadingAt, language) })}</div>
        )}
      </div>
    </div>
  );
}

function Accuracy({ vehicle }: { readonly vehicle: VehicleNow }) {
  const t = useTranslations('fleet.card');
  const language = useLanguage();
  const accuracyM = vehicle.position?.accuracyM;
  return accuracyM === undefined ? null : (
    <span>{t('accuracy', { metres: formatQuantity(accuracyM, 'm', language) })}</span>
  );
}
