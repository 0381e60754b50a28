'use client';
import type { ReactNode } from 'react';
import { useSyncExternalStore } from 'react';
import { IntlProvider } from 'use-intl';
import { preferences } from '@/lib/preferences';
import { MESSAGES } from './messages';

const subscribe = (listener: () => void) => preferences.subscribe(listener);

/**
 * Words in the language of this browser. The prepared HTML cannot know the language, so it holds `skeleton`, which has no
 * words; the real page takes its place as soon as scripts run. So nothing is ever seen in the wrong language.
 */
export function LanguageProvider({
  children,
  skeleton,
}: {
  readonly children: ReactNode;
  readonly skeleton: ReactNode;
}) {
  const locale = useSyncExternalStore(
    subscribe,
    () => preferences.getState().locale,
    () => undefined,
  );
  if (!locale) return skeleton;
  return (
    <IntlProvider
      locale={locale}
      messages={MESSAGES[locale]}
      timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
    >
      {children}
    </IntlProvider>
  );
}
