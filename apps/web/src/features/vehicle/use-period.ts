'use client';
import { useEffect, useMemo, useRef, useState } from 'react';
import { PERIOD_KINDS, type PeriodKind, stepped, windowEndingAt } from '@/lib/history/period';
import { localTimeZone } from '@/lib/history/zoned-time';
import { LONGEST_WINDOW_MS, type TimeWindow } from '@/ui/charts/chart-window';
import { useAddress } from './use-address';

// Which time a tab shows: kept in the address (`span`, and `from`–`to` once it stands still), so that a link shows the same.

export interface Period {
  readonly kind: PeriodKind;
  readonly window: TimeWindow;
  /** The window moves with the newest data. */
  readonly isFollowing: boolean;
  readonly canReset: boolean;
  readonly choose: (kind: PeriodKind) => void;
  readonly step: (direction: -1 | 1) => void;
  readonly show: (window: TimeWindow) => void;
  readonly reset: () => void;
  readonly followNewest: () => void;
}

interface State {
  readonly kind: PeriodKind;
  readonly window: TimeWindow | undefined;
  /** What a reset of the zoom goes back to. */
  readonly before: { readonly kind: PeriodKind; readonly window: TimeWindow | undefined } | undefined;
}

/** Writes to the address are gathered: browsers refuse hundreds of them during one pinch. */
const WRITE_AFTER_MS = 300;

function fromAddress(params: URLSearchParams, fallback: PeriodKind): State {
  const kind = PERIOD_KINDS.find((one) => one === params.get('span')) ?? fallback;
  const from = Date.parse(params.get('from') ?? '');
  const to = Date.parse(params.get('to') ?? '');
  const isWindow = to > from && to - from <= LONGEST_WINDOW_MS;
  return {
    kind: kind === 'dates' && !isWindow ? fallback : kind,
    window: isWindow ? { from, to } : undefined,
    before: undefined,
  };
}

/** `newest` = the newest instant of the data (ms UTC), which the window follows until somebody moves it. */
export function usePeriod(newest: number, fallback: PeriodKind): Period {
  const { params, change } = useAddress();
  const zone = localTimeZone();
  const [state, setState] = useState<State>(() => fromAddress(params, fallback));
  const following = useMemo(
    () => windowEndingAt(state.kind === 'dates' ? fallback : state.kind, newest, zone),
    [state.kind, newest, zone, fallback],
  );
  const window = state.window ?? following;

  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    const timer = setTimeout(() => {
      const { kind, window: fixed } = state;
      change({
        span: kind,
        from: fixed && new Date(fixed.from).toISOString(),
        to: fixed && new Date(fixed.to).toISOString(),
      });
    }, WRITE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [state, change]);

  return {
    kind: state.kind,
    window,
    isFollowing: state.window === undefined,
    canReset: state.before !== undefined,
    choose: (kind) => setState({ kind, window: undefined, before: undefined }),
    step: (direction) =>
      setState((now) => ({
        kind: now.kind,
        window: stepped(now.kind, now.window ?? following, direction, zone),
        before: undefined,
      })),
    show: (next) =>
      setState((now) => ({
        kind: 'dates',
        window: next,
        before: now.before ?? { kind: now.kind, window: now.window },
      })),
    reset: () => setState((now) => (now.before ? { ...now.before, before: undefined } : now)),
    followNewest: () =>
      setState((now) => ({ kind: now.kind === 'dates' ? fallback : now.kind, window: undefined, before: undefined })),
  };
}
