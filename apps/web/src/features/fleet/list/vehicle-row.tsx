'use client';
import type { VehicleNow, VehicleState } from '@temoin/shared/vehicles';
import { memo } from 'react';
import { useTranslations } from 'use-intl';
import { useNow } from '@/lib/use-now';
import { Freshness } from '@/ui/freshness';
import { StateGlyph } from '@/ui/state-glyph';
import { useVehicleWords } from '../vehicle-words';
import classes from './vehicle-row.module.css';

interface VehicleRowProps {
  readonly vehicle: VehicleNow;
  readonly state: VehicleState;
  readonly isSelected: boolean;
  readonly isHovered: boolean;
  readonly isCopy: boolean;
  /** `option` in the list box beside the map; `presentation` where the row is a link. */
  readonly role?: 'option' | 'presentation';
}

export const rowId = (id: string): string => `vehicle-${id}`;

/** One vehicle in the list: state, plate, model, what or where; at the right what it does and how fresh that is. */
export const VehicleRow = memo(function VehicleRow({
  vehicle,
  state,
  isSelected,
  isHovered,
  isCopy,
  role = 'option',
}: VehicleRowProps) {
  const t = useTranslations('common.state');
  const words = useVehicleWords();
  const now = useNow(15_000);
  const alarm = words.alarm(vehicle);
  const place = words.place(vehicle);
  return (
    <div
      className={classes.row}
      id={rowId(vehicle.id)}
      role={role}
      {...(role === 'option' ? { tabIndex: -1, 'aria-selected': isSelected } : {})}
      data-id={vehicle.id}
      data-hovered={isHovered || undefined}
      data-copy={isCopy || undefined}
    >
      <StateGlyph state={state} size={16} headingDeg={vehicle.position?.courseDeg} muted={isCopy} label={t(state)} />
      <div>
        <div className={classes.first}>
          <span className={classes.plate}>{vehicle.label}</span>
          <span className={classes.model}>{vehicle.model}</span>
        </div>
        <div className={classes.second}>
          {alarm && <span className={classes.alarm}>{alarm}</span>}
          <span className={classes.place}>
            {alarm && place && <span className={classes.dot}>·</span>}
            {place}
          </span>
        </div>
      </div>
      <div className={classes.values}>
        <div className={classes.value}>{words.activity(vehicle, state, now)}</div>
        <Freshness vehicle={vehicle} short isCopy={isCopy} />
      </div>
    </div>
  );
});
