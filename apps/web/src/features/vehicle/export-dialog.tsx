'use client';
import { Button, Modal, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { VehicleDetail } from '@temoin/shared/vehicles';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useErrorWords, useLanguage } from '@/i18n/use-words';
import { formatBytes } from '@/lib/format/numbers';
import { fileName, saveFile } from '@/lib/history/chart-csv';
import { spanQuery } from '@/lib/history/get-span';
import { saveExport } from '@/lib/history/save-export';
import { addDays, localTimeZone, startOfDay } from '@/lib/history/zoned-time';
import { dayWords } from './day-words';
import styles from './export-dialog.module.css';
import { Pending } from './pending';

type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'saving' | 'done'; readonly bytes: number }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Every reading of a period as a file, streamed; leaving the dialog stops it. */
export function ExportDialog({ vehicle, onClose }: { readonly vehicle: VehicleDetail; readonly onClose: () => void }) {
  const t = useTranslations('vehicle.export');
  const common = useTranslations('common.action');
  const language = useLanguage();
  const errorWords = useErrorWords();
  const span = useQuery(spanQuery(vehicle.id));
  const [phase, setPhase] = useState<Phase>({ kind: 'idle' });
  const stop = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const zone = localTimeZone();
  const { from, to } = span.data ?? {};

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (from === undefined || to === undefined) return;
    const fields = new FormData(event.currentTarget);
    const format = fields.get('format') === 'ndjson' ? 'ndjson' : 'csv';
    const lastDay = startOfDay(to, zone);
    const start =
      fields.get('period') === 'all' ? from : fields.get('period') === 'week' ? addDays(lastDay, -6, zone) : lastDay;
    stop.current = new AbortController();
    setPhase({ kind: 'saving', bytes: 0 });
    try {
      const content = await saveExport({
        vehicleId: vehicle.id,
        from: start,
        to: to + 1,
        format,
        signal: stop.current.signal,
        onProgress: (bytes) => setPhase({ kind: 'saving', bytes }),
      });
      saveFile(fileName(vehicle.label, start, format, zone), content);
      setPhase({ kind: 'done', bytes: content.size });
    } catch (error) {
      if (!stop.current.signal.aborted) setPhase({ kind: 'failed', error });
    }
  };

  return (
    <Modal opened onClose={onClose} title={t('title')} size={440} centered>
      <p className={styles.text}>{t('text')}</p>
      {span.isPending && <Pending heightPx={120} />}
      {span.isError && (
        <p role="alert" className={styles.problem}>
          {errorWords(span.error).text}
        </p>
      )}
      {span.data && to === undefined && <p>{t('none')}</p>}
      {from !== undefined && to !== undefined && (
        <form className={styles.form} onSubmit={(event) => void submit(event)}>
          <NativeSelect
            name="period"
            label={t('period')}
            data={[
              { value: 'day', label: `${t('lastDay')} (${dayWords(to, language, zone)})` },
              { value: 'week', label: t('lastWeek') },
              { value: 'all', label: t('all', { day: dayWords(from, language, zone) }) },
            ]}
          />
          <NativeSelect
            name="format"
            label={t('format')}
            data={[
              { value: 'csv', label: t('csv') },
              { value: 'ndjson', label: t('ndjson') },
            ]}
          />
          <p className={styles.status} aria-live="polite">
            {phase.kind === 'saving' && t('saving', { size: formatBytes(phase.bytes, language) })}
            {phase.kind === 'done' && t('done', { size: formatBytes(phase.bytes, language) })}
            {phase.kind === 'failed' && <span className={styles.problem}>{errorWords(phase.error).text}</span>}
          </p>
          <div className={styles.buttons}>
            <Button variant="default" onClick={onClose}>
              {phase.kind === 'done' ? common('close') : common('cancel')}
            </Button>
            <Button type="submit" disabled={phase.kind === 'saving'}>
              {t('save')}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
