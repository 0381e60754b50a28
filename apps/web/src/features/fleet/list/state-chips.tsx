'use client';
import type { VehicleState } from '@temoin/shared/vehicles';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { useLanguage } from '@/i18n/use-words';
import { formatNumber } from '@/lib/format/numbers';
import { StateGlyph } from '@/ui/state-glyph';
import { fleetFilter, toggleState } from '../fleet-filter';
import classes from './state-chips.module.css';

/** In the order of the legend: what moves first, the alarm at the end where the eye stops. */
export const CHIP_ORDER: readonly VehicleState[] = ['moving', 'idling', 'parked', 'silent', 'alarm'];

/** How many vehicles are in each state; pressing one looks for that state only. */
export function StateChips({
  counts,
  isFloating = false,
}: {
  readonly counts: Readonly<Record<VehicleState, number>>;
  readonly isFloating?: boolean;
}) {
  const t = useTranslations();
  const language = useLanguage();
  const states = useStore(fleetFilter, (now) => now.states);
  return (
    <fieldset
      className={isFloating ? classes.floating : classes.chips}
      style={{ margin: 0, padding: 0, ...(isFloating ? { border: 0 } : {}) }}
    >
      <legend className="visually-hidden">{t('fleet.stateFilter')}</legend>
      {CHIP_ORDER.map((state) => (
        <button
          key={state}
          type="button"
          className={classes.chip}
          data-state={state}
          aria-pressed={states.has(state)}
          aria-label={t('fleet.showOnly', { state: t(`common.state.${state}`), count: counts[state] })}
          onClick={() => toggleState(state)}
        >
          <span className={classes.count}>
            <StateGlyph state={state} size={13} />
            {formatNumber(counts[state], language)}
          </span>
          <span className={classes.word}>{t(`common.state.${state}`)}</span>
        </button>
      ))}
    </fieldset>
  );
}
