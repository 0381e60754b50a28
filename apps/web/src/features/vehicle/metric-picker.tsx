'use client';
import { Button, Popover, ScrollArea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { METRIC_KEYS, METRICS, type MetricKey } from '@temoin/shared/metrics';
import type { LatestValues } from '@temoin/shared/vehicles';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatUnit } from '@/lib/format/numbers';
import styles from './engine.module.css';
import { labelOf } from './metric-words';
import { MOST_PLOTS, type PlotChoice, takes } from './plot-choice';
import { titleOf } from './stacked-plots';

interface PickerProps {
  readonly plots: readonly PlotChoice[];
  readonly latest: LatestValues | undefined;
  readonly onAdd: (metric: MetricKey, to: number | undefined) => void;
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Any metric of the catalogue, into a new chart or one that is there; what the vehicle sends comes first. */
export function MetricPicker({ plots, latest, onAdd }: PickerProps) {
  const t = useTranslations('vehicle.chart');
  const language = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [to, setTo] = useState<number>();
  const target = to === undefined ? undefined : plots[to];
  const found = METRIC_KEYS.filter(
    (key) => plain(labelOf(key, language)).includes(plain(text)) || plain(key).includes(plain(text)),
  )
    .filter((key) => (target ? takes(target, key) : true))
    .sort((a, b) => Number(latest?.[b] !== undefined) - Number(latest?.[a] !== undefined));
  const add = (metric: MetricKey) => {
    onAdd(metric, to);
    setOpen(false);
    setText('');
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus shadow="md" width={320}>
      <Popover.Target>
        <Button
          variant="default"
          h={34}
          px={12}
          leftSection={<IconPlus size={16} stroke={1.75} />}
          onClick={() => setOpen(!isOpen)}
          aria-expanded={isOpen}
        >
          {t('addMetric')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={styles.picker}>
          <TextInput
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            placeholder={t('search')}
            aria-label={t('search')}
            data-autofocus
          />
          <div className={styles.targets} role="radiogroup" aria-label={t('addMetric')}>
            {plots.length < MOST_PLOTS && (
              <Target isOn={to === undefined} words={t('ownChart')} onChoose={() => setTo(undefined)} />
            )}
            {plots.map((plot, i) => (
              <Target
                key={plot.metrics.join()}
                isOn={to === i}
                words={t('addTo', { title: titleOf(plot, language) })}
                onChoose={() => setTo(i)}
              />
            ))}
          </div>
          <ScrollArea.Autosize mah={280} type="auto">
            <ul className={styles.choices}>
              {found.map((key) => (
                <li key={key}>
                  <button type="button" onClick={() => add(key)}>
                    <span>{labelOf(key, language)}</span>
                    <span className={styles.quiet}>
                      {latest?.[key] ? formatUnit(METRICS[key].unit, language) : t('noValue')}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
            {found.length === 0 && <p className={styles.quiet}>{target ? t('full') : t('noneFound')}</p>}
          </ScrollArea.Autosize>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function Target({
  isOn,
  words,
  onChoose,
}: {
  readonly isOn: boolean;
  readonly words: string;
  readonly onChoose: () => void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: styled as a chip; the role says what it is
    <button type="button" role="radio" aria-checked={isOn} onClick={onChoose}>
      {words}
    </button>
  );
}
