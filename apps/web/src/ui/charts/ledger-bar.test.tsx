import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { LedgerBar } from './ledger-bar';

afterEach(cleanup);

describe('LedgerBar', () => {
  it('draws a segment a kind, the mark of now and the hours, and says it in words', () => {
    const hour = 3_600_000;
    const { container } = render(
      <LedgerBar
        from={0}
        to={24 * hour}
        spans={[
          { from: 7 * hour, to: 9 * hour, kind: 'received' },
          { from: 9 * hour, to: 10 * hour, kind: 'late' },
          { from: 10 * hour, to: 11 * hour, kind: 'missing' },
        ]}
        nowAt={14 * hour}
        ticks={[
          { at: 0, label: '00:00' },
          { at: 12 * hour, label: '12:00' },
        ]}
        words="2 h reçues, 1 h en retard, 1 h manquante"
      />,
    );
    expect(screen.getByRole('img', { name: '2 h reçues, 1 h en retard, 1 h manquante' })).toBeTruthy();
    expect([...container.querySelectorAll<HTMLElement>('[data-kind]')].map((e) => e.dataset.kind)).toEqual([
      'received',
      'late',
      'missing',
    ]);
    expect(screen.getByText('12:00').style.left).toBe('50%');
  });

  it('leaves the mark out of other days', () => {
    const { container } = render(<LedgerBar from={0} to={1000} spans={[]} nowAt={5000} words="rien" />);
    expect(container.querySelectorAll('[style]')).toHaveLength(0);
  });
});
