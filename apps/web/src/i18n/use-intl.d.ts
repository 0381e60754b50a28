import type { Locale as TemoinLocale } from '@temoin/shared/accounts';
import type { Messages as TemoinMessages } from './messages';

declare module 'use-intl' {
  interface AppConfig {
    Locale: TemoinLocale;
    Messages: TemoinMessages;
  }
}
