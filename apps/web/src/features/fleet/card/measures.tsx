'use client';
import { METRICS, type MetricKey } from '@temoin/shared/metrics';
import type { LatestValues } from '@temoin/shared/vehicles';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatNumber, formatUnit } from '@/lib/format/numbers';
import { joinVehicle } from '@/lib/live-socket';
import classes from './vehicle-card.module.css';

const SHOWN = ['rpm', 'coolantTempC', 'batteryVoltageV', 'fuelLevelPct'] as const;
/** Values arrive many times a second; people read twice a second at most. */
const SHOW_EVERY_MS = 500;

/** The four values that a phone shows at once, live while the card is open; a value that never came is a dash. */
export function Measures({
  vehicleId,
  known,
}: {
  readonly vehicleId: string;
  readonly known: LatestValues | undefined;
}) {
  const t = useTranslations('fleet.card.measure');
  const language = useLanguage();
  const [latest, setLatest] = useState<LatestValues>(known ?? {});
  useEffect(() => {
    let newest: LatestValues = {};
    const leave = joinVehicle(vehicleId, {
      onSnapshot: (vehicle) => {
        newest = { ...vehicle.latest };
        setLatest({ ...newest });
      },
      onReadings: ({ readings }) => {
        for (const { at, values } of readings) {
          for (const metric of SHOWN) {
            const value = values[metric];
            if (value !== undefined && at >= (newest[metric]?.[1] ?? 0)) newest[metric] = [value, at];
          }
        }
      },
    });
    const timer = setInterval(() => setLatest({ ...newest }), SHOW_EVERY_MS);
    return () => {
      leave();
      clearInterval(timer);
    };
  }, [vehicleId]);
  const shownValue = (metric: MetricKey) => formatNumber(latest[metric]?.[0], language, METRICS[metric].decimals);
  return (
    <dl className={classes.measures}>
      {SHOWN.map((metric) => (
        <div key={metric}>
          <dt>{t(metric)}</dt>
          <dd>
            {shownValue(metric)} <span className={classes.note}>{formatUnit(METRICS[metric].unit, language)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
