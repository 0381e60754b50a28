'use client';
import { useReducedMotion } from '@mantine/hooks';
import { IconFocusCentered, IconMinus, IconPlus } from '@tabler/icons-react';
import type { VehicleState } from '@temoin/shared/vehicles';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { useSettings } from '@/config/settings';
import { useLanguage } from '@/i18n/use-words';
import { placeAt, type Run } from '@/lib/history/track-geometry';
import { preferences } from '@/lib/preferences';
import type { LinkedCursor } from '@/ui/charts/linked-cursor';
import { createMap, type TemoinMap } from '@/ui/map/create-map';
import { StateGlyph } from '@/ui/state-glyph';
import { createTrackLayer, type TrackLayer } from './track-layer';
import styles from './track-map.module.css';
import { createGlidingMarker, type GlidingMarker } from './vehicle-marker';

export interface MapVehicle {
  readonly lat: number;
  readonly lon: number;
  readonly courseDeg: number | undefined;
  readonly state: VehicleState;
  readonly label: string;
}

interface TrackMapProps {
  readonly runs: readonly Run[];
  readonly vehicle?: MapVehicle | undefined;
  /** Linked with the charts: shows a mark at its instant, and is set by pointing at the track. */
  readonly cursor?: LinkedCursor | undefined;
  readonly cursorWords?: ((at: number, speedKmh: number) => string) | undefined;
  /** When this changes, the whole track is shown again. */
  readonly fitKey: string;
  readonly words: string;
  readonly children?: ReactNode;
}

const PADDING = { topLeft: [32, 56] as [number, number], bottomRight: [60, 68] as [number, number] };
const STRASBOURG = [48.5734, 7.7521] as const;
/** Pointing this near to the track counts as pointing at it. */
const NEAR_PX = 16;

/** A map with a track by speed and the vehicle on it. */
export function TrackMap({ runs, vehicle, cursor, cursorWords, fitKey, words, children }: TrackMapProps) {
  const t = useTranslations('vehicle.now');
  const container = useRef<HTMLDivElement>(null);
  const [made, setMade] = useState<{ map: TemoinMap; track: TrackLayer; marker: GlidingMarker; pin: GlidingMarker }>();
  const [isMoved, setMoved] = useState(false);
  const scheme = useStore(preferences, (state) => state.scheme);
  const language = useLanguage();
  const settings = useSettings();
  const stillness = useReducedMotion();
  const tileUrl = settings.data?.tileUrl;
  const tileAttribution = settings.data?.tileAttribution ?? '';
  const first = useRef({ scheme, vehicle, animate: !stillness });

  useEffect(() => {
    if (!container.current) return;
    let isGone = false;
    let mine: TemoinMap | undefined;
    const { vehicle: at, scheme: firstScheme, animate } = first.current;
    const center = at ? ([at.lat, at.lon] as const) : STRASBOURG;
    void createMap(container.current, { scheme: firstScheme, language, center, zoom: 14, animate }).then((map) => {
      if (isGone) return map.destroy();
      mine = map;
      const track = createTrackLayer(map.leaflet, map.map);
      const marker = createGlidingMarker(map.leaflet, map.map, 1000);
      const pin = createGlidingMarker(map.leaflet, map.map, 2000);
      map.map.on('dragstart', () => setMoved(true));
      setMade({ map, track, marker, pin });
    });
    return () => {
      isGone = true;
      setMade(undefined);
      mine?.destroy();
    };
  }, [language]);

  useEffect(() => {
    if (tileUrl) made?.map.setTiles(tileUrl, tileAttribution);
  }, [made, tileUrl, tileAttribution]);

  useEffect(() => {
    made?.map.setScheme(scheme);
    made?.track.draw(runs, scheme);
  }, [made, runs, scheme]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `fitKey` says when the track is another one; it grows in between
  useEffect(() => {
    if (!made) return;
    setMoved(false);
    if (!made.track.fit(PADDING) && vehicle) made.map.map.setView([vehicle.lat, vehicle.lon], 15, { animate: false });
  }, [made, fitKey]);

  useEffect(() => {
    if (!made) return;
    if (!vehicle) return made.marker.remove();
    made.marker.moveTo(vehicle.lat, vehicle.lon, !stillness);
    if (isMoved) return;
    const { map } = made.map;
    const inner = map.getBounds().pad(-0.12);
    if (!inner.contains([vehicle.lat, vehicle.lon])) map.panTo([vehicle.lat, vehicle.lon], { animate: !stillness });
  }, [made, vehicle, isMoved, stillness]);

  useCursorPin(made?.map, made?.pin, runs, cursor, cursorWords);

  const recentre = () => {
    setMoved(false);
    if (made && !made.track.fit(PADDING) && vehicle) made.map.map.setView([vehicle.lat, vehicle.lon], 15);
  };

  return (
    <section className={styles.frame} aria-label={words}>
      <div ref={container} className={styles.map} />
      {made && vehicle && createPortal(<Chosen vehicle={vehicle} />, made.marker.element)}
      <div className={styles.over}>{children}</div>
      <div className={styles.buttons}>
        <button type="button" className={styles.button} onClick={() => made?.map.map.zoomIn()} aria-label={t('zoomIn')}>
          <IconPlus size={18} stroke={1.75} aria-hidden />
        </button>
        <button
          type="button"
          className={styles.button}
          onClick={() => made?.map.map.zoomOut()}
          aria-label={t('zoomOut')}
        >
          <IconMinus size={18} stroke={1.75} aria-hidden />
        </button>
        <button
          type="button"
          className={styles.button}
          onClick={recentre}
          aria-label={t('recentre')}
          data-on={!isMoved || undefined}
        >
          <IconFocusCentered size={18} stroke={1.75} aria-hidden />
        </button>
      </div>
    </section>
  );
}

function Chosen({ vehicle }: { readonly vehicle: MapVehicle }) {
  return (
    <div className={styles.chosen}>
      <div className={styles.ring}>
        <StateGlyph state={vehicle.state} size={20} headingDeg={vehicle.courseDeg} />
      </div>
      <div className={styles.plate}>{vehicle.label}</div>
    </div>
  );
}

/** Charts → map: a mark at the cursor's instant. Map → charts: pointing at the track sets the cursor. */
function useCursorPin(
  map: TemoinMap | undefined,
  pin: GlidingMarker | undefined,
  runs: readonly Run[],
  cursor: LinkedCursor | undefined,
  cursorWords: TrackMapProps['cursorWords'],
) {
  const latest = useRef({ runs, cursorWords });
  latest.current = { runs, cursorWords };

  useEffect(() => {
    if (!map || !pin || !cursor) return;
    const show = () => {
      const at = cursor.get();
      const place = at === undefined ? undefined : placeAt(latest.current.runs, at);
      if (!place) return pin.remove();
      pin.element.className = styles.pin ?? '';
      pin.element.textContent = latest.current.cursorWords?.(place.at, place.speedKmh) ?? '';
      pin.moveTo(place.lat, place.lon, false);
    };
    const point = (event: { containerPoint: { x: number; y: number } }) => {
      let best: { at: number; distance: number } | undefined;
      for (const run of latest.current.runs) {
        for (const [lat, lon, at] of run) {
          const on = map.map.latLngToContainerPoint([lat, lon]);
          const distance = Math.hypot(on.x - event.containerPoint.x, on.y - event.containerPoint.y);
          if (distance <= NEAR_PX && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { at, distance };
        }
      }
      if (best) cursor.set(best.at);
      else if (wasMine) cursor.set(undefined);
      wasMine = best !== undefined;
    };
    let wasMine = false;
    const stop = cursor.subscribe(show);
    map.map.on('mousemove click', point as never);
    return () => {
      stop();
      map.map.off('mousemove click', point as never);
    };
  }, [map, pin, cursor]);
}
