'use client';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { serverNow } from '@/lib/server-clock';
import { countStates, type FleetState } from '../fleet-state';
import { useVehicleWords } from '../vehicle-words';

const EVERY_MS = 10_000;

/** Tells screen readers how the fleet stands: changes of the counts at most every ten seconds, a new alarm at once. */
export function Announcer({ state }: { readonly state: FleetState }) {
  const t = useTranslations('fleet');
  const words = useVehicleWords();
  const [summary, setSummary] = useState('');
  const [alarm, setAlarm] = useState('');
  const latest = useRef(state);
  latest.current = state;
  const known = useRef<Set<string>>(undefined);

  useEffect(() => {
    const timer = setInterval(() => {
      const { vehicles, phase } = latest.current;
      if (phase === 'ready') setSummary(t('announce', countStates(vehicles.values(), serverNow())));
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [t]);

  useEffect(() => {
    if (state.phase !== 'ready') return;
    const alarmed = [...state.vehicles.values()].filter((vehicle) => vehicle.alarm);
    const fresh = known.current ? alarmed.filter((vehicle) => !known.current?.has(vehicle.id)) : [];
    known.current = new Set(alarmed.map((vehicle) => vehicle.id));
    const first = fresh[0];
    if (first) setAlarm(t('announceAlarm', { label: first.label, what: words.alarm(first) ?? '' }));
  }, [state, t, words]);

  return (
    <>
      <div className="visually-hidden" role="status" aria-live="polite">
        {summary}
      </div>
      <div className="visually-hidden" role="alert">
        {alarm}
      </div>
    </>
  );
}
