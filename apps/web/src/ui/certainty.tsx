'use client';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';

/** 3 sure, 2 likely, 1 weak. */
export type CertaintyLevel = 1 | 2 | 3;

const BARS = [
  { x: 0.6, y: 8, height: 4.4 },
  { x: 5.4, y: 5.4, height: 7 },
  { x: 10.2, y: 2.4, height: 10 },
] as const;

/** Three bars, as many filled as the value is sure, with the word beside them unless `wordless`. */
export function Certainty({
  level,
  wordless = false,
}: {
  readonly level: CertaintyLevel;
  readonly wordless?: boolean;
}) {
  const t = useTranslations('common.certainty');
  const word = t(level === 3 ? 'sure' : level === 2 ? 'likely' : 'weak');
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, whiteSpace: 'nowrap' }}>
      <svg width={15} height={13} viewBox="0 0 15 13" role="presentation" aria-hidden>
        {BARS.map((bar, index) => (
          <rect
            key={bar.x}
            x={bar.x}
            y={bar.y}
            width={4}
            height={bar.height}
            rx={1}
            fill={index < level ? 'currentColor' : 'none'}
            stroke="currentColor"
            strokeWidth={1.1}
          />
        ))}
      </svg>
      {wordless ? <span className="visually-hidden">{word}</span> : <span>{word}</span>}
    </span>
  );
}

/** A derived value: dotted underline, and the word for those who cannot see it. */
export function Estimated({ children }: { readonly children: ReactNode }) {
  const t = useTranslations('common.certainty');
  return (
    <span title={t('estimated')} style={{ textDecoration: 'underline dotted var(--ink3)', textUnderlineOffset: 3 }}>
      {children}
      <span className="visually-hidden"> {t('estimated')}</span>
    </span>
  );
}
