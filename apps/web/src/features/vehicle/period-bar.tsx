'use client';
import { Button, Popover, TextInput } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconPlayerTrackNext, IconZoomReset } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { PERIOD_KINDS } from '@/lib/history/period';
import { fromFieldText, localTimeZone, toFieldText } from '@/lib/history/zoned-time';
import styles from './period-bar.module.css';
import type { Period } from './use-period';
import { windowWords } from './window-words';

/** Which time is shown, and how to move it; `children` are buttons of the tab, at the right. */
export function PeriodBar({ period, children }: { readonly period: Period; readonly children?: ReactNode }) {
  const t = useTranslations('vehicle.chart');
  const language = useLanguage();
  const zone = localTimeZone();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={styles.bar}>
      {/* biome-ignore lint/a11y/useSemanticElements: a row of buttons of which one is on */}
      <div className={styles.kinds} role="group" aria-label={t('period')}>
        {PERIOD_KINDS.filter((kind) => kind !== 'dates').map((kind) => (
          <button key={kind} type="button" aria-pressed={period.kind === kind} onClick={() => period.choose(kind)}>
            {t(kind)}
          </button>
        ))}
        <Popover opened={isOpen} onChange={setOpen} position="bottom-start" trapFocus shadow="md">
          <Popover.Target>
            <button
              type="button"
              aria-pressed={period.kind === 'dates'}
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              {t('dates')}
            </button>
          </Popover.Target>
          <Popover.Dropdown>
            <DatesForm
              from={toFieldText(period.window.from, zone)}
              to={toFieldText(period.window.to, zone)}
              onShow={(window) => {
                period.show(window);
                setOpen(false);
              }}
            />
          </Popover.Dropdown>
        </Popover>
      </div>
      <div className={styles.steps}>
        <button type="button" className={styles.square} onClick={() => period.step(-1)} aria-label={t('earlier')}>
          <IconChevronLeft size={18} stroke={1.75} aria-hidden />
        </button>
        <span className={styles.window} aria-live="polite">
          {windowWords(period.window, language, zone)}
        </span>
        <button
          type="button"
          className={styles.square}
          onClick={() => period.step(1)}
          aria-label={t('later')}
          disabled={period.isFollowing}
        >
          <IconChevronRight size={18} stroke={1.75} aria-hidden />
        </button>
        {!period.isFollowing && !period.canReset && (
          <button
            type="button"
            className={styles.square}
            onClick={period.followNewest}
            aria-label={t('newest')}
            title={t('newest')}
          >
            <IconPlayerTrackNext size={16} stroke={1.75} aria-hidden />
          </button>
        )}
        {period.canReset && (
          <Button
            variant="default"
            h={34}
            px={10}
            leftSection={<IconZoomReset size={16} stroke={1.75} />}
            onClick={period.reset}
          >
            {t('resetZoom')}
          </Button>
        )}
      </div>
      <span className={styles.spacer} />
      {children}
    </div>
  );
}

interface DatesFormProps {
  readonly from: string;
  readonly to: string;
  readonly onShow: (window: { from: number; to: number }) => void;
}

function DatesForm({ from, to, onShow }: DatesFormProps) {
  const t = useTranslations('vehicle.chart');
  const [isWrong, setWrong] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const zone = localTimeZone();
    const start = fromFieldText(String(fields.get('from')), zone);
    const end = fromFieldText(String(fields.get('to')), zone);
    if (start === undefined || end === undefined || end <= start) return setWrong(true);
    onShow({ from: start, to: end });
  };
  return (
    <form onSubmit={submit} className={styles.dates}>
      <TextInput type="datetime-local" name="from" label={t('from')} defaultValue={from} required />
      <TextInput
        type="datetime-local"
        name="to"
        label={t('to')}
        defaultValue={to}
        required
        error={isWrong && t('datesWrong')}
      />
      <Button type="submit">{t('apply')}</Button>
    </form>
  );
}
