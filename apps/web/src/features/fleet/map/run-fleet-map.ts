import { preferences } from '@/lib/preferences';
import { serverNow } from '@/lib/server-clock';
import { readStored, writeStored } from '@/lib/stored';
import type { TemoinMap } from '@/ui/map/create-map';
import type { Scheme } from '@/ui/theme/palette';
import { fleetFilter } from '../fleet-filter';
import { followVehicle, hoverVehicle, selection, selectVehicle } from '../fleet-selection';
import { fleet } from '../fleet-store';
import { addFleetLayer, type FleetLayer } from './fleet-layer';
import { mapVehicles } from './map-vehicles';

// The home map at work: stores in, canvas out, pointer back into the stores. No React in here, so a thousand changes a second
// cost no rendering of components.

const VIEW_KEY = 'temoin.view';
/** Silence comes by the clock alone, without any news. */
const CLOCK_EVERY_MS = 5_000;
const VIEW_COUNT_EVERY_MS = 1_000;
/** Further out a chosen vehicle would be one dot among others. */
const CHOOSE_FROM_ZOOM = 13;
const FOLLOW_FROM_ZOOM = 15;
const TOUCH_SLACK_PX = 14;
const MOUSE_SLACK_PX = 4;

export interface FleetMapRun {
  /** Shows all drawn vehicles. */
  fit(): void;
  readonly layer: FleetLayer;
  stop(): void;
}

export interface StoredView {
  readonly lat: number;
  readonly lon: number;
  readonly zoom: number;
}

/** Where the map was looked at last in this browser. */
export function storedView(): StoredView | undefined {
  try {
    const view = JSON.parse(readStored(VIEW_KEY) ?? 'null') as StoredView | null;
    return view && [view.lat, view.lon, view.zoom].every(Number.isFinite) ? view : undefined;
  } catch {
    return undefined;
  }
}

/** How much of the map lies under panels, in px. */
export interface MapPadding {
  readonly topLeft: [number, number];
  readonly bottomRight: [number, number];
}

export interface RunOptions {
  readonly isMotionWanted: boolean;
  /** Where the vehicles are to be seen: the panels that lie over the map are outside of it. */
  readonly padding: () => MapPadding;
}

/** Draws the fleet on `temoin` until stopped. */
export function runFleetMap(temoin: TemoinMap, options: RunOptions): FleetMapRun {
  const { map, leaflet } = temoin;
  const layer = addFleetLayer(leaflet, map, {
    scheme: preferences.getState().scheme as Scheme,
    isMotionWanted: options.isMotionWanted,
  });
  let hasView = storedView() !== undefined;

  const drawn = () => mapVehicles(fleet.getState(), fleetFilter.getState(), serverNow());
  const feed = () => {
    const vehicles = drawn();
    layer.setMuted(fleet.getState().copiedAt !== undefined);
    layer.setVehicles(vehicles);
    if (!hasView && vehicles.length > 0) {
      hasView = true;
      fit(false);
    }
    follow();
  };

  function fit(isAnimated = options.isMotionWanted): void {
    const vehicles = drawn();
    if (vehicles.length === 0) return;
    const { topLeft, bottomRight } = options.padding();
    const bounds = leaflet.latLngBounds(vehicles.map(({ lat, lon }) => [lat, lon]));
    map.fitBounds(bounds, {
      paddingTopLeft: topLeft,
      paddingBottomRight: bottomRight,
      maxZoom: 15,
      animate: isAnimated,
    });
  }

  /** Puts a place into the middle of what the panels leave free. */
  function showAt(lat: number, lon: number, zoom: number): void {
    const { topLeft, bottomRight } = options.padding();
    const shift = leaflet.point((bottomRight[0] - topLeft[0]) / 2, (bottomRight[1] - topLeft[1]) / 2);
    map.setView(map.unproject(map.project([lat, lon], zoom).add(shift), zoom), zoom, {
      animate: options.isMotionWanted,
    });
  }

  /** Brings the chosen vehicle to where it can be seen; keeps it in the middle while it is followed. */
  function follow(isNewChoice = false): void {
    const { selectedId, isFollowing } = selection.getState();
    const position = selectedId ? fleet.getState().vehicles.get(selectedId)?.position : undefined;
    if (!position) return;
    const zoom = isFollowing ? FOLLOW_FROM_ZOOM : CHOOSE_FROM_ZOOM;
    if ((isNewChoice || isFollowing) && map.getZoom() < zoom) {
      showAt(position.lat, position.lon, zoom);
      return;
    }
    const { topLeft, bottomRight } = options.padding();
    const at = map.latLngToContainerPoint([position.lat, position.lon]);
    const { x: width, y: height } = map.getSize();
    const isSeen =
      at.x > topLeft[0] && at.y > topLeft[1] && at.x < width - bottomRight[0] && at.y < height - bottomRight[1];
    if (isFollowing || (isNewChoice && !isSeen)) {
      const middle = leaflet.point(
        (topLeft[0] + width - bottomRight[0]) / 2,
        (topLeft[1] + height - bottomRight[1]) / 2,
      );
      if (isFollowing && at.distanceTo(middle) < 2) return;
      const far = at.distanceTo(middle) > Math.max(width, height) * 2;
      map.panBy(at.subtract(middle), { animate: options.isMotionWanted && !far, duration: 0.6 });
    }
  }

  const countView = () => {
    const ids = layer.visibleIds();
    const known = fleetFilter.getState().inView;
    if (!known || known.size !== ids.size || [...ids].some((id) => !known.has(id)))
      fleetFilter.setState({ inView: ids });
  };
  const onMoveEnd = () => {
    const center = map.getCenter();
    writeStored(VIEW_KEY, JSON.stringify({ lat: center.lat, lon: center.lng, zoom: map.getZoom() }));
    countView();
  };

  const container = map.getContainer();
  const pointOf = (event: PointerEvent | MouseEvent) => {
    const box = container.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (event.pointerType === 'touch' || event.buttons > 0) return;
    const { x, y } = pointOf(event);
    const hit = layer.hitAt(x, y, MOUSE_SLACK_PX);
    container.style.cursor = hit ? 'pointer' : '';
    hoverVehicle(hit?.kind === 'vehicle' ? hit.id : undefined);
  };
  const onPointerLeave = () => hoverVehicle(undefined);
  map.on('click', (event) => {
    const original = event.originalEvent;
    const { x, y } = pointOf(original);
    const isTouch = 'pointerType' in original && original.pointerType === 'touch';
    const hit = layer.hitAt(x, y, isTouch ? TOUCH_SLACK_PX : MOUSE_SLACK_PX);
    if (hit?.kind === 'group') {
      const members = new Set(layer.membersOf(hit.group));
      const places = drawn()
        .filter(({ id }) => members.has(id))
        .map(({ lat, lon }): [number, number] => [lat, lon]);
      const zoom = Math.min(
        map.getMaxZoom(),
        Math.max(map.getZoom() + 1, map.getBoundsZoom(leaflet.latLngBounds(places).pad(0.3))),
      );
      map.setView(leaflet.latLngBounds(places).getCenter(), zoom, { animate: options.isMotionWanted });
    } else selectVehicle(hit?.kind === 'vehicle' ? hit.id : undefined);
  });
  map.on('dragstart', () => followVehicle(false));
  map.on('moveend', onMoveEnd);
  container.addEventListener('pointermove', onPointerMove);
  container.addEventListener('pointerleave', onPointerLeave);

  const unsubscribes = [
    fleet.subscribe(feed),
    fleetFilter.subscribe((now, before) => {
      if (now.states !== before.states || now.text !== before.text) feed();
    }),
    selection.subscribe((now, before) => {
      layer.setChoice(now);
      if (now.selectedId !== before.selectedId) follow(true);
      else if (now.isFollowing && !before.isFollowing) follow();
    }),
    preferences.subscribe(({ scheme }) => {
      temoin.setScheme(scheme);
      layer.setScheme(scheme);
    }),
  ];
  const clock = setInterval(feed, CLOCK_EVERY_MS);
  const viewClock = setInterval(countView, VIEW_COUNT_EVERY_MS);
  layer.setChoice(selection.getState());
  feed();
  follow(true);

  return {
    fit: () => fit(),
    layer,
    stop() {
      for (const unsubscribe of unsubscribes) unsubscribe();
      clearInterval(clock);
      clearInterval(viewClock);
      container.removeEventListener('pointermove', onPointerMove);
      container.removeEventListener('pointerleave', onPointerLeave);
      layer.remove();
      fleetFilter.setState({ inView: undefined });
      hoverVehicle(undefined);
    },
  };
}
