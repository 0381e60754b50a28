import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { ArcGauge, type ArcGaugeProps } from './arc-gauge';
import { BulletBar } from './bullet-bar';

afterEach(cleanup);

const coolant: ArcGaugeProps = {
  label: 'Liquide',
  unit: '°C',
  value: 89,
  valueText: '89',
  min: 0,
  max: 130,
  minText: '0',
  maxText: '130',
  normal: [80, 100],
  danger: { above: 110 },
  words: 'Liquide : 89 °C, il y a 9 s',
};

describe('ArcGauge', () => {
  it('says value, unit, ends and words', () => {
    render(<ArcGauge {...coolant} age="il y a 9 s" />);
    expect(screen.getByRole('img', { name: 'Liquide : 89 °C, il y a 9 s' })).toBeTruthy();
    for (const text of ['89', '°C', '0', '130', 'Liquide', 'il y a 9 s']) expect(screen.getByText(text)).toBeTruthy();
  });

  it('draws track, value, normal and danger; no value and no tick when never measured', () => {
    const { container, rerender } = render(<ArcGauge {...coolant} />);
    expect(container.querySelectorAll('path')).toHaveLength(4);
    expect(container.querySelectorAll('line')).toHaveLength(1);
    rerender(<ArcGauge {...coolant} value={undefined} valueText="–" />);
    expect(container.querySelectorAll('path')).toHaveLength(3);
    expect(container.querySelectorAll('line')).toHaveLength(0);
    expect(container.querySelector('figure')?.dataset.old).toBe('true');
  });

  it('marks an old value', () => {
    const { container } = render(<ArcGauge {...coolant} old />);
    expect(container.querySelector('figure')?.dataset.old).toBe('true');
  });
});

describe('BulletBar', () => {
  it('ends at the value', () => {
    const { container } = render(<BulletBar value={50} min={0} max={200} normal={[20, 100]} />);
    const widths = [...container.querySelectorAll<HTMLElement>('[style]')].map((element) => element.style.cssText);
    expect(widths.some((css) => css.includes('width: 25%'))).toBe(true);
    expect(widths.some((css) => css.includes('left: 10%') && css.includes('width: 40%'))).toBe(true);
  });
});
