import { describe, expect, it } from 'vitest';
import { addMetric, parsePlots, plotsText, removeMetric, setBounds, takes, usualPlots } from './plot-choice';

describe('plots in an address', () => {
  it('goes there and back', () => {
    const text = 'obdSpeedKmh.gpsSpeedKmh-rpm-coolantTempC';
    expect(plotsText(parsePlots(text)!)).toBe(text);
  });
  it('leaves out what it does not understand, repeats and third units', () => {
    expect(plotsText(parsePlots('nonsense.rpm.rpm-')!)).toBe('rpm');
    expect(plotsText(parsePlots('rpm.obdSpeedKmh.coolantTempC')!)).toBe('rpm.obdSpeedKmh');
    expect(parsePlots('nothing')).toBeUndefined();
    expect(parsePlots(null)).toBeUndefined();
  });
});

describe('choosing', () => {
  it('begins with what the vehicle sends', () => {
    expect(plotsText(usualPlots({ gpsSpeedKmh: [1, 1], altitudeM: [1, 1] }))).toBe('gpsSpeedKmh-altitudeM');
    expect(plotsText(usualPlots(undefined))).toBe('obdSpeedKmh');
    expect(
      usualPlots({
        obdSpeedKmh: [1, 1],
        gpsSpeedKmh: [1, 1],
        rpm: [1, 1],
        coolantTempC: [1, 1],
        intakePressureKpa: [1, 1],
        altitudeM: [1, 1],
      }),
    ).toHaveLength(4);
  });
  it('takes two units at most', () => {
    const [plot] = parsePlots('rpm.obdSpeedKmh')!;
    expect(takes(plot!, 'gpsSpeedKmh')).toBe(true);
    expect(takes(plot!, 'coolantTempC')).toBe(false);
    expect(takes(plot!, 'rpm')).toBe(false);
  });
  it('adds to a chart or beside it, removes, and drops empty charts', () => {
    const plots = parsePlots('rpm')!;
    expect(plotsText(addMetric(plots, 'coolantTempC', undefined))).toBe('rpm-coolantTempC');
    expect(plotsText(addMetric(plots, 'coolantTempC', 0))).toBe('rpm.coolantTempC');
    expect(removeMetric(plots, 0, 'rpm')).toEqual([]);
  });
  it('keeps typed bounds by side', () => {
    expect(setBounds(parsePlots('rpm')!, 0, 1, { max: 5 })[0]!.bounds).toEqual([{}, { max: 5 }]);
  });
});
