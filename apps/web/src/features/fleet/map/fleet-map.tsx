'use client';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useSettings } from '@/config/settings';
import { useLanguage } from '@/i18n/use-words';
import { preferences } from '@/lib/preferences';
import { createMap, type TemoinMap } from '@/ui/map/create-map';
import { forgetMeasures } from '@/ui/map/marker-painter';
import { StateGlyph } from '@/ui/state-glyph';
import { CHIP_ORDER } from '../list/state-chips';
import classes from './fleet-map.module.css';
import { followTrail } from './follow-trail';
import { MapControls } from './map-controls';
import { type FleetMapRun, type RunOptions, runFleetMap, storedView } from './run-fleet-map';

/** Before anything is known the map looks at the demonstration's town. */
const START = { lat: 48.579, lon: 7.752, zoom: 13 };

interface FleetMapProps {
  readonly padding: RunOptions['padding'];
  /** Hands out "show all vehicles" for the keyboard. */
  readonly onReady?: (run: FleetMapRun | undefined) => void;
}

/** The live map with its controls, legend and scale. Everything that moves is drawn outside of React. */
export function FleetMap({ padding, onReady }: FleetMapProps) {
  const t = useTranslations();
  const language = useLanguage();
  const settings = useSettings();
  const holder = useRef<HTMLDivElement>(null);
  const [made, setMade] = useState<{ temoin: TemoinMap; run: FleetMapRun }>();
  const options = useRef({ padding, onReady, language });
  options.current = { padding, onReady, language };

  useEffect(() => {
    const container = holder.current;
    if (!container) return;
    let stop: (() => void) | undefined;
    let isGone = false;
    const isMotionWanted = !window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const view = storedView() ?? START;
    void createMap(container, {
      scheme: preferences.getState().scheme,
      language: options.current.language,
      center: [view.lat, view.lon],
      zoom: view.zoom,
      animate: isMotionWanted,
    }).then(async (temoin) => {
      if (isGone) return temoin.destroy();
      temoin.leaflet.control.scale({ imperial: false, maxWidth: 90, position: 'bottomright' }).addTo(temoin.map);
      const run = runFleetMap(temoin, { isMotionWanted, padding: () => options.current.padding() });
      const stopTrail = followTrail(run.layer);
      const observer = new ResizeObserver(() => temoin.map.invalidateSize({ animate: false, pan: false }));
      observer.observe(container);
      stop = () => {
        observer.disconnect();
        stopTrail();
        run.stop();
        temoin.destroy();
      };
      setMade({ temoin, run });
      options.current.onReady?.(run);
      await document.fonts.ready;
      forgetMeasures();
      run.layer.redraw();
    });
    return () => {
      isGone = true;
      setMade(undefined);
      options.current.onReady?.(undefined);
      stop?.();
    };
  }, []);

  const { tileUrl, tileAttribution } = settings.data ?? {};
  useEffect(() => {
    if (made && tileUrl) made.temoin.setTiles(tileUrl, tileAttribution ?? '');
  }, [made, tileUrl, tileAttribution]);

  return (
    <section className={classes.holder} aria-label={t('fleet.mapLabel')}>
      <div ref={holder} className={classes.map} />
      {made && <MapControls temoin={made.temoin} hasTiles={Boolean(tileUrl)} onFit={made.run.fit} />}
      <div className={classes.legend}>
        <span className="visually-hidden">{t('fleet.legend')}</span>
        {CHIP_ORDER.map((state) => (
          <span key={state}>
            <StateGlyph state={state} size={12} />
            {t(`common.state.${state}`)}
          </span>
        ))}
      </div>
    </section>
  );
}
