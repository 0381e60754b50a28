import { createStore } from 'zustand/vanilla';

/** Whether the search dialog is open; any page may open it. */
export const search = createStore(() => ({ isOpen: false }));

export const openSearch = (): void => search.setState({ isOpen: true });
export const closeSearch = (): void => search.setState({ isOpen: false });
