'use client';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatKm } from '@/lib/format/numbers';
import { formatSpan, formatTimeWithSeconds } from '@/lib/format/times';
import { type Run, trackBreaks } from '@/lib/history/track-geometry';
import { localTimeZone } from '@/lib/history/zoned-time';
import type { TimeWindow } from '@/ui/charts/chart-window';
import type { LinkedCursor } from '@/ui/charts/linked-cursor';
import { dayWords } from './day-words';
import styles from './track-tab.module.css';

interface CourseProps {
  readonly runs: readonly Run[];
  readonly cursor: LinkedCursor;
  readonly onShow: (window: TimeWindow) => void;
}

const MOST_BREAKS = 100;
/** Seen around a hole when it is chosen. */
const AROUND_MS = 2 * 60_000;

/** Start, every hole and every stand, end: also the map's twin for those who cannot see it. */
export function TrackCourse({ runs, cursor, onShow }: CourseProps) {
  const t = useTranslations('vehicle.track');
  const language = useLanguage();
  const breaks = trackBreaks(runs);
  const holes = breaks.filter((one) => one.kind === 'hole');
  const first = runs[0]?.[0]?.[2];
  const last = runs.at(-1)?.at(-1)?.[2];
  const when = (at: number) =>
    `${dayWords(at, language, localTimeZone(), 'short')} ${formatTimeWithSeconds(at, language)}`;
  return (
    <section className={styles.course} aria-labelledby="course-title">
      <h2 id="course-title" className={styles.courseTitle}>
        {t('events')} <span>{holes.length > 0 && t('holesCount', { count: holes.length })}</span>
      </h2>
      <ol>
        {first !== undefined && (
          <li>
            <Entry mark="start" title={t('start')} time={when(first)} onPoint={() => cursor.set(first)} />
          </li>
        )}
        {breaks.slice(0, MOST_BREAKS).map((one) => (
          <li key={one.from}>
            <Entry
              mark={one.kind}
              title={t(one.kind, { span: formatSpan(one.to - one.from, language) })}
              text={
                one.jumpM > 40 && one.kind === 'hole'
                  ? t('holeJump', { km: formatKm(one.jumpM / 1000, language) })
                  : undefined
              }
              time={when(one.from)}
              onPoint={() => cursor.set(one.from)}
              onChoose={() => onShow({ from: one.from - AROUND_MS, to: one.to + AROUND_MS })}
            />
          </li>
        ))}
        {last !== undefined && (
          <li>
            <Entry mark="end" title={t('end')} time={when(last)} onPoint={() => cursor.set(last)} />
          </li>
        )}
      </ol>
      {first !== undefined && holes.length === 0 && <p className={styles.note}>{t('noHoles')}</p>}
    </section>
  );
}

interface EntryProps {
  readonly mark: 'start' | 'hole' | 'stand' | 'end';
  readonly title: string;
  readonly text?: string | undefined;
  readonly time: string;
  readonly onPoint: () => void;
  readonly onChoose?: () => void;
}

function Entry({ mark, title, text, time, onPoint, onChoose }: EntryProps) {
  return (
    <button
      type="button"
      className={styles.entry}
      onMouseEnter={onPoint}
      onFocus={onPoint}
      onClick={onChoose ?? onPoint}
    >
      <i className={styles.mark} data-mark={mark} aria-hidden="true" />
      <span>
        <span className={styles.entryTitle}>{title}</span>
        {text && <span className={styles.note}>{text}</span>}
        <span className={styles.note}>{time}</span>
      </span>
    </button>
  );
}
