'use client';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { IconAlertCircle, IconArrowBigUp } from '@tabler/icons-react';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useErrorWords, useLanguage } from '@/i18n/use-words';
import { ApiError } from '@/lib/api-error';
import { formatSpan } from '@/lib/format/times';
import { type Field, type FieldProblem, readForm } from './read-form';
import classes from './sign-in-page.module.css';
import type { Signing } from './use-sign-in';

const FIELDS: readonly Field[] = ['email', 'password'];

/** E-mail and password; what is wrong is said on top with links, and again under each field. */
export function SignInForm({ signing }: { readonly signing: Signing }) {
  const t = useTranslations('signIn');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [isCapsOn, setCapsOn] = useState(false);
  const [problems, setProblems] = useState<Partial<Record<Field, FieldProblem>>>({});
  const summary = useRef<HTMLDivElement>(null);
  const problemCount = FIELDS.filter((field) => problems[field]).length;

  useEffect(() => {
    if (problemCount > 0 || signing.error) summary.current?.focus();
  }, [problemCount, signing.error]);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const read = readForm(email, password);
    setProblems(read.ok ? {} : read.problems);
    if (read.ok) void signing.start(read.value.email, read.value.password);
    else signing.forgetError();
  };
  const onKey = (event: KeyboardEvent) => setCapsOn(event.getModifierState('CapsLock'));
  const problemOf = (field: Field) => (problems[field] ? t(problems[field]) : undefined);
  return (
    <div className={classes.card}>
      <h1>{t('title')}</h1>
      {(problemCount > 0 || signing.error !== undefined) && (
        <div className={classes.summary} ref={summary} tabIndex={-1} role="alert">
          <IconAlertCircle size={20} stroke={1.75} color="var(--critical)" aria-hidden />
          {problemCount > 0 ? (
            <>
              <h2>{t('problems', { count: problemCount })}</h2>
              <ul>
                {FIELDS.map((field) => {
                  const words = problemOf(field);
                  return (
                    words && (
                      <li key={field}>
                        <a href={`#sign-in-${field}`}>{words}</a>
                      </li>
                    )
                  );
                })}
              </ul>
            </>
          ) : (
            <Refused error={signing.error} />
          )}
        </div>
      )}
      <form className={classes.form} onSubmit={onSubmit} noValidate>
        <TextInput
          id="sign-in-email"
          size="md"
          label={t('email')}
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={email}
          error={problemOf('email')}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <div>
          <PasswordInput
            id="sign-in-password"
            size="md"
            label={t('password')}
            autoComplete="current-password"
            value={password}
            error={problemOf('password')}
            onChange={(event) => setPassword(event.currentTarget.value)}
            onKeyDown={onKey}
            onKeyUp={onKey}
            onBlur={() => setCapsOn(false)}
            visibilityToggleButtonProps={{ 'aria-label': t('showPassword'), tabIndex: 0 }}
          />
          {isCapsOn && (
            <div className={classes.caps} role="status">
              <IconArrowBigUp size={16} stroke={1.75} aria-hidden />
              {t('capsLock')}
            </div>
          )}
        </div>
        <Button type="submit" size="lg" loading={signing.isBusy} fullWidth>
          {t('submit')}
        </Button>
      </form>
    </div>
  );
}

function Refused({ error }: { readonly error: unknown }) {
  const t = useTranslations('signIn');
  const language = useLanguage();
  const { text, code } = useErrorWords()(error);
  const retryAfterS = error instanceof ApiError ? error.retryAfterS : undefined;
  return (
    <>
      <h2>{t('refused')}</h2>
      <p>
        {text} {retryAfterS !== undefined && t('retryAfter', { span: formatSpan(retryAfterS * 1000, language) })}{' '}
        {code !== 'credentials_wrong' && <code>{code}</code>}
      </p>
    </>
  );
}
