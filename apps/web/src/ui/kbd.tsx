import type { ReactNode } from 'react';

/** A key to press; hidden where there is no keyboard to speak of. */
export const Kbd = ({ children }: { readonly children: ReactNode }) => (
  <kbd className="kbd" aria-hidden>
    {children}
  </kbd>
);
