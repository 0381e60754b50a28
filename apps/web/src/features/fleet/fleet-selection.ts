import { createStore } from 'zustand/vanilla';

// What is chosen on the home page. List and map both read and write it, so each follows the other.

export interface FleetSelection {
  readonly selectedId: string | undefined;
  /** Under the pointer in the list or on the map. */
  readonly hoveredId: string | undefined;
  /** The map keeps the chosen vehicle in its middle. */
  readonly isFollowing: boolean;
}

export const selection = createStore<FleetSelection>(() => ({
  selectedId: undefined,
  hoveredId: undefined,
  isFollowing: false,
}));

/** Chooses a vehicle, or none. */
export const selectVehicle = (id: string | undefined): void => {
  if (selection.getState().selectedId !== id) selection.setState({ selectedId: id, isFollowing: false });
};

/** Notes which vehicle is under the pointer, or none. */
export const hoverVehicle = (id: string | undefined): void => {
  if (selection.getState().hoveredId !== id) selection.setState({ hoveredId: id });
};

export const followVehicle = (isFollowing: boolean): void => selection.setState({ isFollowing });
