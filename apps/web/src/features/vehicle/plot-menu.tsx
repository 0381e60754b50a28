'use client';
import { Popover, TextInput } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconTrash, IconX } from '@tabler/icons-react';
import type { MetricKey } from '@temoin/shared/metrics';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatUnit } from '@/lib/format/numbers';
import { type AxisBounds, parseBound } from '@/ui/charts/value-axis';
import styles from './engine.module.css';
import { labelOf } from './metric-words';
import { type PlotChoice, unitsOfMetrics } from './plot-choice';
import { titleOf } from './stacked-plots';

interface PlotMenuProps {
  readonly plot: PlotChoice;
  readonly onBounds: (side: 0 | 1, bounds: AxisBounds) => void;
  readonly onRemoveLine: (metric: MetricKey) => void;
  readonly onRemove: () => void;
}

/** Axis bounds by hand, lines out, the chart away. */
export function PlotMenu({ plot, onBounds, onRemoveLine, onRemove }: PlotMenuProps) {
  const t = useTranslations('vehicle.chart');
  const language = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const units = unitsOfMetrics(plot.metrics);
  const isTyped = plot.bounds.some((bounds) => bounds.min !== undefined || bounds.max !== undefined);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" trapFocus shadow="md">
      <Popover.Target>
        <button
          type="button"
          className={styles.adjust}
          data-on={isTyped || undefined}
          aria-label={t('adjust', { title: titleOf(plot, language) })}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <IconAdjustmentsHorizontal size={16} stroke={1.75} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={styles.menu}>
          {units.map((unit, side) => (
            <BoundsForm
              key={unit}
              legend={`${t(side === 0 ? 'bounds' : 'boundsRight')} ${formatUnit(unit, language)}`}
              bounds={plot.bounds[side === 0 ? 0 : 1]}
              onBounds={(bounds) => onBounds(side === 0 ? 0 : 1, bounds)}
            />
          ))}
          {plot.metrics.length > 1 && (
            <div>
              <b>{t('lines')}</b>
              {plot.metrics.map((metric) => (
                <button key={metric} type="button" className={styles.menuItem} onClick={() => onRemoveLine(metric)}>
                  <IconX size={16} stroke={1.75} aria-hidden /> {t('removeLine', { label: labelOf(metric, language) })}
                </button>
              ))}
            </div>
          )}
          <button type="button" className={styles.menuItem} onClick={onRemove}>
            <IconTrash size={16} stroke={1.75} aria-hidden /> {t('remove')}
          </button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

interface BoundsFormProps {
  readonly legend: string;
  readonly bounds: AxisBounds;
  readonly onBounds: (bounds: AxisBounds) => void;
}

/** Takes effect while one types; an empty field is automatic. */
function BoundsForm({ legend, bounds, onBounds }: BoundsFormProps) {
  const t = useTranslations('vehicle.chart');
  const field = (key: 'min' | 'max', label: string) => (
    <TextInput
      label={label}
      placeholder={t('auto')}
      inputMode="decimal"
      defaultValue={bounds[key] === undefined ? '' : String(bounds[key])}
      onChange={(event) => onBounds({ ...bounds, [key]: parseBound(event.currentTarget.value) })}
    />
  );
  return (
    <fieldset className={styles.bounds}>
      <legend>{legend}</legend>
      {field('min', t('least'))}
      {field('max', t('most'))}
    </fieldset>
  );
}
