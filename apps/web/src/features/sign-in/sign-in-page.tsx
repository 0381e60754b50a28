'use client';
import { IconLanguage, IconMoon, IconSun } from '@tabler/icons-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { chooseLocale, chooseTheme, preferences } from '@/lib/preferences';
import { session } from '@/lib/session';
import { usePageTitle } from '@/lib/use-page-title';
import { Logo } from '@/ui/logo';
import { DemoAccounts } from './demo-accounts';
import { safeNext } from './safe-next';
import { SignInForm } from './sign-in-form';
import classes from './sign-in-page.module.css';
import { useSignIn } from './use-sign-in';

export function SignInPage() {
  const t = useTranslations('signIn');
  usePageTitle(t('title'));
  const router = useRouter();
  const next = safeNext(useSearchParams().get('next'));
  const { phase, endedBecause } = useStore(session);
  const signing = useSignIn();
  useEffect(() => {
    if (phase === 'in') router.replace(next);
  }, [phase, next, router]);
  const note =
    endedBecause === 'session_ended' ? t('ended') : endedBecause === 'signed_out' ? t('signedOut') : undefined;
  return (
    <main className={classes.page}>
      <div className={classes.middle}>
        <div className={classes.brand}>
          <Logo size={36} />
          <span>Temoin</span>
        </div>
        {note && (
          <p className={classes.note} role="status">
            {note}
          </p>
        )}
        <SignInForm signing={signing} />
        <DemoAccounts signing={signing} />
      </div>
      <Foot />
    </main>
  );
}

/** Language and theme, before anyone is signed in. */
function Foot() {
  const t = useTranslations('common');
  const { locale, scheme } = useStore(preferences);
  const other = locale === 'fr' ? 'en' : 'fr';
  const Icon = scheme === 'dark' ? IconSun : IconMoon;
  const otherScheme = scheme === 'dark' ? 'light' : 'dark';
  return (
    <footer className={classes.foot}>
      <button type="button" lang={other} onClick={() => chooseLocale(other)}>
        <IconLanguage size={16} stroke={1.75} aria-hidden />
        {t(`language.${other}`)}
      </button>
      <button type="button" onClick={() => chooseTheme(otherScheme)}>
        <Icon size={16} stroke={1.75} aria-hidden />
        {t(`theme.${otherScheme}`)}
      </button>
    </footer>
  );
}
