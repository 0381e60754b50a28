'use client';
import { useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

export const TABS = ['now', 'engine', 'track', 'data'] as const;
export type Tab = (typeof TABS)[number];

type Patch = Readonly<Record<string, string | undefined>>;

/** The address of a view of a vehicle, for links that can be sent to someone. */
export function vehicleAddress(id: string, tab: Tab, rest: Patch = {}): string {
  const params = new URLSearchParams({ id, tab });
  for (const [key, value] of Object.entries(rest)) if (value !== undefined) params.set(key, value);
  return `/vehicle?${params}`;
}

/** What the address says, and how to change it: `push` for steps that "back" undoes, `replace` for the rest. */
export function useAddress() {
  const params = useSearchParams();
  const change = useCallback((patch: Patch, how: 'push' | 'replace' = 'replace') => {
    // Read anew: several changes in one tick must not undo one another.
    const next = new URLSearchParams(window.location.search);
    for (const [key, value] of Object.entries(patch)) {
      if (value === undefined) next.delete(key);
      else next.set(key, value);
    }
    const address = `${window.location.pathname}?${next}`;
    if (how === 'push') window.history.pushState(null, '', address);
    else window.history.replaceState(null, '', address);
  }, []);
  return { params, change };
}

/** The tab that an address names; the overview when it names none that exists. */
export const tabOf = (text: string | null): Tab => TABS.find((tab) => tab === text) ?? 'now';
