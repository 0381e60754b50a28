'use client';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { LanguageProvider } from '@/i18n/language-provider';
import { preferences } from '@/lib/preferences';
import { createQueryClient } from '@/lib/query-client';
import { startSession } from '@/lib/session';
import { BootSkeleton } from '@/shell/boot-skeleton';
import { cssVariables, theme } from '@/ui/theme/mantine-theme';

/** Everything that pages stand on: theme, words, cache of answers, and who is signed in. */
export function Providers({ children }: { readonly children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const scheme = useStore(preferences, (now) => now.scheme);
  useEffect(() => {
    void startSession();
  }, []);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      forceColorScheme={scheme}
      deduplicateInlineStyles
    >
      <QueryClientProvider client={queryClient}>
        <LanguageProvider skeleton={<BootSkeleton />}>{children}</LanguageProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
