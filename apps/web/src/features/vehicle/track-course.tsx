'use client';
import { useTranslations } from 'use-intl';
import { useLanguage } from '@/i18n/use-words';
import { formatKm } from '@/lib/format/numbers';
import { formatSpan, formatTimeWithSeconds } from '@/lib/format/times';
import { type Run, trackHoles } from '@/lib/history/track-geometry';
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

const MOST_HOLES = 100;
/** Seen around a hole when it is chosen. */
const AROUND_MS = 2 * 60_000;

/** Start, every hole, end: also the map's twin for those who cannot see it. */
export function TrackCourse({ runs, cursor, onShow }: CourseProps) {
  const t = useTranslations('vehicle.track');
  const language = useLanguage();
  const holes = trackHoles(runs);
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
        {holes.slice(0, MOST_HOLES).map((hole) => (
          <li key={hole.from}>
            <Entry
              mark="hole"
              title={t('hole', { span: formatSpan(hole.to - hole.from, language) })}
              text={hole.jumpM > 40 ? t('holeJump', { km: formatKm(hole.jumpM / 1000, language) }) : undefined}
              time={when(hole.from)}
              onPoint={() => cursor.set(hole.from)}
              onChoose={() => onShow({ from: hole.from - AROUND_MS, to: hole.to + AROUND_MS })}
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
  readonly mark: 'start' | 'hole' | 'end';
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
