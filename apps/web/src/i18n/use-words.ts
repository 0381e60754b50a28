import type { Locale } from '@temoin/shared/accounts';
import { useLocale, useTranslations } from 'use-intl';
import type { ClientErrorCode } from '@/lib/api-error';
import { ApiError } from '@/lib/api-error';
import { commonFr } from './common.fr';

/** The language of this page, for the format functions. */
export const useLanguage = (): Locale => useLocale() as Locale;

type TellableCode = keyof typeof commonFr.error;
const isTellable = (code: ClientErrorCode): code is Extract<TellableCode, ClientErrorCode> => code in commonFr.error;

/** Turns whatever was thrown into a sentence that says what to do, and its code. */
export function useErrorWords(): (error: unknown) => { text: string; code: string; requestId: string | undefined } {
  const t = useTranslations('common.error');
  return (error) => {
    const code: ClientErrorCode = error instanceof ApiError ? error.code : 'internal_error';
    return {
      text: t(isTellable(code) ? code : 'other'),
      code,
      requestId: error instanceof ApiError ? error.requestId : undefined,
    };
  };
}
