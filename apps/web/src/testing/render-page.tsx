import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import type { Locale } from '@temoin/shared/accounts';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { IntlProvider } from 'use-intl';
import { MESSAGES } from '@/i18n/messages';
import { createQueryClient } from '@/lib/query-client';
import { theme } from '@/ui/theme/mantine-theme';

/** Renders a component among what every page stands on, in the given language. */
export function renderPage(children: ReactNode, locale: Locale = 'fr') {
  return render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={createQueryClient()}>
        <IntlProvider locale={locale} messages={MESSAGES[locale]} timeZone="Europe/Paris">
          {children}
        </IntlProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
}
