'use client';
import { useTranslations } from 'use-intl';
import type { LateStretch, MissingStretch } from './ledger-facts';

type TimeOf = (at: number) => string;

/** "Aucune donnée de 07:25 à 07:30 : 12 lots manquants, le boîtier les garde encore." */
export function MissingSentence({ stretch, timeOf }: { readonly stretch: MissingStretch; readonly timeOf: TimeOf }) {
  const t = useTranslations('vehicle.ledger');
  return (
    <p>
      <b>{missingHead(stretch, timeOf, t)}</b>
      {t('colon')}
      {t('batchesMissing', { batches: stretch.batches })}
    </p>
  );
}

/** "08:06 à 08:36 reçu en retard." */
export function LateSentence({ stretch, timeOf }: { readonly stretch: LateStretch; readonly timeOf: TimeOf }) {
  const t = useTranslations('vehicle.ledger');
  return <p>{t('receivedLate', { from: timeOf(stretch.from), to: timeOf(stretch.to) })}</p>;
}

type Words = ReturnType<typeof useTranslations<'vehicle.ledger'>>;

function missingHead({ from, to }: MissingStretch, timeOf: TimeOf, t: Words): string {
  if (from !== undefined && to !== undefined) return t('noDataBetween', { from: timeOf(from), to: timeOf(to) });
  if (to !== undefined) return t('noDataBefore', { to: timeOf(to) });
  if (from !== undefined) return t('noDataAfter', { from: timeOf(from) });
  return t('noDataSomewhere');
}
