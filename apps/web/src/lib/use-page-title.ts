import { useEffect } from 'react';

/** Names the page in the browser's tab, in the person's language; the prepared HTML knows only the app's name. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · Temoin` : 'Temoin';
  }, [title]);
}
