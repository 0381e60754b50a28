'use client';
import { Button } from '@mantine/core';
import { IconAlertCircle, IconRefresh } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useErrorWords } from '@/i18n/use-words';
import classes from './problem.module.css';

interface ProblemProps {
  readonly error: unknown;
  /** What is missing, in the page's words; a general title without one. */
  readonly title?: string;
  /** What still works. */
  readonly stillWorks?: string;
  readonly onRetry?: () => void;
}

/** What could not be read, what still works, a way to try again, and the code to report. */
export function Problem({ error, title, stillWorks, onRetry }: ProblemProps) {
  const t = useTranslations('common');
  const { text, code, requestId } = useErrorWords()(error);
  return (
    <div className={classes.problem} role="alert">
      <IconAlertCircle size={24} stroke={1.75} color="var(--critical)" aria-hidden />
      <div className={classes.title}>{title ?? t('problem.title')}</div>
      <div className={classes.text}>
        {text} {stillWorks}
      </div>
      {onRetry && (
        <Button variant="default" leftSection={<IconRefresh size={16} stroke={1.75} />} onClick={onRetry}>
          {t('action.retry')}
        </Button>
      )}
      <div className={classes.code}>
        {t('problem.code')} <code>{code}</code>
        {requestId && (
          <>
            {' · '}
            {t('problem.request')} <code>{requestId}</code>
          </>
        )}
      </div>
    </div>
  );
}
