'use client';
import { Button, SegmentedControl } from '@mantine/core';
import { IconCheck, IconLogout } from '@tabler/icons-react';
import type { Action, Locale } from '@temoin/shared/accounts';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { useSettings } from '@/config/settings';
import { chooseLocale, chooseTheme, preferences, type ThemeChoice } from '@/lib/preferences';
import { session, signOut } from '@/lib/session';
import { usePageTitle } from '@/lib/use-page-title';
import { InstallButton } from './install-button';
import type { settingsFr } from './messages.fr';
import classes from './settings-page.module.css';

type ActionKey = keyof typeof settingsFr.action;
const keyOf = (action: Action) => action.replace('.', '_') as ActionKey;

/** Theme, language, who is signed in and what the role permits, and what Temoin is made of. */
export function SettingsPage() {
  const t = useTranslations();
  usePageTitle(t('settings.title'));
  const { theme, locale } = useStore(preferences);
  const person = useStore(session, (now) => now.person);
  const settings = useSettings().data;
  return (
    <div className={classes.page}>
      <h1>{t('settings.title')}</h1>
      <Section title={t('settings.appearance')}>
        <dl>
          <Row name={t('common.theme.label')}>
            <SegmentedControl
              aria-label={t('common.theme.label')}
              value={theme}
              onChange={(value) => chooseTheme(value as ThemeChoice)}
              data={(['light', 'dark', 'auto'] as const).map((value) => ({ value, label: t(`common.theme.${value}`) }))}
            />
          </Row>
          <Row name={t('common.language.label')}>
            <SegmentedControl
              aria-label={t('common.language.label')}
              value={locale}
              onChange={(value) => chooseLocale(value as Locale)}
              data={(['fr', 'en'] as const).map((value) => ({ value, label: t(`common.language.${value}`) }))}
            />
          </Row>
        </dl>
      </Section>
      {person && (
        <Section title={t('settings.session')}>
          <dl>
            <Row name={t('settings.signedInAs')}>
              {person.name}, {person.email}
            </Row>
            <Row name={t('settings.organisation')}>{person.organisation.name}</Row>
            <Row name={t('settings.role')}>{t(`common.role.${person.role}`)}</Row>
            <Row name={t('settings.mayDo')}>
              <ul className={classes.may}>
                {person.permissions.map((action) => (
                  <li key={action}>
                    <IconCheck size={16} stroke={1.75} color="var(--settled)" aria-hidden />
                    {t(`settings.action.${keyOf(action)}`)}
                  </li>
                ))}
              </ul>
            </Row>
          </dl>
          <Button variant="default" leftSection={<IconLogout size={18} stroke={1.75} />} onClick={() => void signOut()}>
            {t('common.action.signOut')}
          </Button>
        </Section>
      )}
      <Section title={t('settings.device')}>
        <p className={classes.text}>{t('settings.copyText')}</p>
        <InstallButton />
      </Section>
      <Section title={t('settings.about')}>
        <dl>
          <Row name={t('settings.version')}>{settings?.version ?? '–'}</Row>
          <Row name={t('settings.licence')}>{t('settings.licenceText')}</Row>
          {settings?.tileAttribution && settings.tileUrl && (
            <Row name={t('settings.tiles')}>{settings.tileAttribution.replace(/<[^>]*>/g, '')}</Row>
          )}
        </dl>
        <h3>{t('settings.parts')}</h3>
        <p className={classes.text}>{t('settings.mapData')}</p>
        <p className={classes.text}>{t('settings.fonts')}</p>
        <p className={classes.text}>{t('settings.libraries')}</p>
      </Section>
    </div>
  );
}

const Section = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className={classes.section}>
    <h2>{title}</h2>
    {children}
  </section>
);

const Row = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div className={classes.row}>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
