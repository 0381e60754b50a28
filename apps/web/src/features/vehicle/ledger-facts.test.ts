import type { LedgerReply } from '@temoin/shared/ledger';
import { createTranslator } from 'use-intl';
import { describe, expect, it } from 'vitest';
import { lateStretches, ledgerDays, missingStretches } from './ledger-facts';
import { vehicleEn } from './messages.en';
import { vehicleFr } from './messages.fr';

const at = (text: string) => Date.parse(`2026-11-19T${text}:00+01:00`);
const ledger: LedgerReply = {
  from: at('00:00'),
  to: at('23:59'),
  batches: 120,
  readings: 7000,
  refusedReadings: 3,
  refusals: { time_in_future: 3 },
  conflicts: 0,
  lastContactAt: at('13:59'),
  spans: [
    { from: at('06:55'), to: at('07:25'), kind: 'received', readings: 1800 },
    { from: at('07:25'), to: at('07:30'), kind: 'missing', readings: 0 },
    { from: at('08:06'), to: at('08:20'), kind: 'late', readings: 800 },
    { from: at('08:22'), to: at('08:36'), kind: 'late', readings: 800 },
    { from: at('12:00'), to: at('12:30'), kind: 'received', readings: 1800 },
  ],
  holes: [{ fromSeq: 101, toSeq: 112, batches: 12, fromAt: at('07:25'), toAt: at('07:30') }],
};

const words = (locale: 'fr' | 'en') => {
  const t = createTranslator({
    locale,
    messages: { vehicle: locale === 'fr' ? vehicleFr : vehicleEn },
    namespace: 'vehicle.ledger',
  });
  return (key: Parameters<typeof t>[0], values: Record<string, string | number>) => t(key, values as never);
};

describe('what a ledger says', () => {
  it('names holes and joins what came late', () => {
    expect(missingStretches(ledger)).toMatchObject([{ batches: 12, from: at('07:25'), to: at('07:30') }]);
    expect(lateStretches(ledger.spans)).toEqual([{ kind: 'late', from: at('08:06'), to: at('08:36'), readings: 1600 }]);
  });

  it('leaves out holes of other days and keeps those with an open end', () => {
    expect(missingStretches(ledger, at('10:00'), at('11:00'))).toEqual([]);
    const open = { ...ledger, holes: [{ fromSeq: 5, toSeq: 6, batches: 2, toAt: at('07:00') }] };
    expect(missingStretches(open, at('00:00'), at('01:00'))).toHaveLength(1);
    expect(missingStretches(open, at('08:00'), at('09:00'))).toHaveLength(0);
  });

  it('counts by local day, and days add up to the whole', () => {
    const days = ledgerDays(ledger, at('13:59'), 30, 'Europe/Paris');
    expect(days).toHaveLength(30);
    expect(days[0]).toMatchObject({ readings: 5200, lateReadings: 1600 });
    expect(days.reduce((sum, day) => sum + day.readings, 0)).toBe(5200);
    expect(days[0]?.missing).toHaveLength(1);
    expect(days[1]?.readings).toBe(0);
  });
});

describe('ledger sentences', () => {
  it('says in French what is missing and who still has it', () => {
    const t = words('fr');
    expect(t('noDataBetween', { from: '07:25', to: '07:30' })).toBe('Aucune donnée de 07:25 à 07:30');
    expect(t('batchesMissing', { batches: 12 })).toBe('12 lots manquants, le boîtier les garde encore.');
    expect(t('batchesMissing', { batches: 1 })).toBe('1 lot manquant, le boîtier le garde encore.');
    expect(t('receivedLate', { from: '08:06', to: '08:36' })).toBe('08:06 à 08:36 reçu en retard.');
  });

  it('says it in English', () => {
    const t = words('en');
    expect(t('noDataBetween', { from: '07:25', to: '07:30' })).toBe('No data from 07:25 to 07:30');
    expect(t('batchesMissing', { batches: 42 })).toBe('42 batches missing, the box still holds them.');
    expect(t('batchesMissing', { batches: 1 })).toBe('1 batch missing, the box still holds it.');
    expect(t('receivedLate', { from: '08:06', to: '08:36' })).toBe('08:06 to 08:36 received late.');
  });
});
