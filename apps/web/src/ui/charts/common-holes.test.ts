import { describe, expect, it } from 'vitest';
import type { ChartLine } from './chart-line';
import { commonHoles, isTold, placeHoleWords } from './common-holes';

const line = (holes: ChartLine['holes'], part: Partial<ChartLine> = {}): ChartLine => ({
  id: 'a',
  label: '',
  unit: '',
  at: [0, 1000],
  value: [1, 1],
  holes,
  join: 'line',
  colour: 1,
  decimals: 0,
  ...part,
});

describe('commonHoles', () => {
  it('hatches only where every line is silent', () => {
    expect(commonHoles([line([{ from: 100, to: 500 }]), line([{ from: 300, to: 700 }])])).toEqual([
      { from: 300, to: 500 },
    ]);
    expect(commonHoles([line([{ from: 100, to: 500 }]), line([])])).toEqual([]);
  });
  it('does not let a line without points or an overlay decide', () => {
    expect(
      commonHoles([line([{ from: 1, to: 2 }]), line([], { at: [], value: [] }), line([], { overlay: true })]),
    ).toEqual([{ from: 1, to: 2 }]);
    expect(commonHoles([])).toEqual([]);
  });
});

describe('isTold', () => {
  it('spares words for what was told above, though metrics end a few seconds apart', () => {
    expect(isTold({ from: 1000, to: 61_000 }, [{ from: 3000, to: 58_000 }])).toBe(true);
    expect(isTold({ from: 1000, to: 61_000 }, [{ from: 40_000, to: 61_000 }])).toBe(false);
    expect(isTold({ from: 0, to: 10 }, [])).toBe(false);
  });
});

describe('placeHoleWords', () => {
  const free = { leftPx: 100, rightPx: 900, widthPx: 1000 };
  const place = (holes: ChartLine['holes']) =>
    placeHoleWords(
      holes,
      () => 'No data from 14:02 to 14:09',
      (at) => at,
      free,
    );

  it('puts words inside a wide hole, above a narrow one, nowhere when the title is in the way', () => {
    expect(place([{ from: 300, to: 700 }])[0]).toMatchObject({ place: 'inside', centrePx: 500 });
    expect(place([{ from: 480, to: 520 }])[0]).toMatchObject({ place: 'above', centrePx: 500 });
    expect(place([{ from: 110, to: 140 }])).toEqual([]);
    expect(place([{ from: 990, to: 2000 }])).toEqual([]);
  });
  it('never lets words of two holes overlap', () => {
    expect(
      place([
        { from: 400, to: 410 },
        { from: 450, to: 460 },
        { from: 700, to: 710 },
      ]).map((w) => w.hole.from),
    ).toEqual([400, 700]);
  });
});
