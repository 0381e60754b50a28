import { freshnessOf, type VehicleNow, type VehicleState } from '@temoin/shared/vehicles';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatQuantity } from '@/lib/format/numbers';
import { formatMoment, formatSpan } from '@/lib/format/times';

export interface VehicleWords {
  /** What the alarm is, if there is one. */
  readonly alarm: (vehicle: VehicleNow) => string | undefined;
  /** Street and quarter, or why there is none. */
  readonly place: (vehicle: VehicleNow) => string;
  /** The one value at the right of a row: speed, how long it idles, since when it stands. */
  readonly activity: (vehicle: VehicleNow, state: VehicleState, now: number) => string;
}

/** The words for a vehicle that list, card and notices share. */
export function useVehicleWords(): VehicleWords {
  const t = useTranslations('fleet');
  const language = useLanguage();
  return {
    alarm: ({ alarm }) => {
      if (!alarm) return undefined;
      if (alarm.kind !== 'faults') return t(`alarm.${alarm.kind}`);
      const codes = alarm.codes.slice(0, 2).join(', ');
      return `${t('alarm.faults', { count: Math.max(1, alarm.codes.length) })}${codes ? ` ${codes}` : ''}`;
    },
    place: (vehicle) => {
      if (vehicle.locationOff) return t('card.locationOff');
      const { street, quarter } = vehicle.position ?? {};
      return [street, quarter].filter(Boolean).join(', ');
    },
    activity: (vehicle, state, now) => {
      // A box that was pulled out left its last speed behind; nobody knows the present one.
      const mute = vehicle.alarm?.kind === 'unplugged' || freshnessOf(vehicle, now) === 'late';
      if (state === 'silent' || mute) return '–';
      if (state === 'idling') {
        return vehicle.standingSince === undefined
          ? t('row.idlingNow')
          : t('row.idling', { span: formatSpan(ageOnClock(vehicle, now, vehicle.standingSince), language) });
      }
      if (state === 'parked' && vehicle.standingSince !== undefined)
        return t('row.since', { time: formatMoment(vehicle.standingSince, now, language) });
      return formatQuantity(vehicle.speedKmh, 'km/h', language);
    },
  };
}

/** How long ago `since` was: for a replayed drive by its own clock, which stopped at its last reading. */
export function ageOnClock(vehicle: VehicleNow, now: number, since: number): number {
  const clock = vehicle.origin === 'replayed' ? (vehicle.lastReadingAt ?? now) : now;
  return clock - since;
}
