'use client';
import { Button } from '@mantine/core';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { usePageTitle } from '@/lib/use-page-title';
import { Logo } from '@/ui/logo';
import classes from './not-found-page.module.css';

/** The same words for what does not exist and for what one may not see. */
export function NotFoundPage() {
  const t = useTranslations('common');
  usePageTitle(t('notFound.title'));
  return (
    <main className={classes.page}>
      <Logo size={40} />
      <h1>{t('notFound.title')}</h1>
      <p>{t('notFound.text')}</p>
      <Button component={Link} href="/">
        {t('action.backToMap')}
      </Button>
    </main>
  );
}
