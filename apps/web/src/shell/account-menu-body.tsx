'use client';
import { Menu } from '@mantine/core';
import { IconDeviceDesktop, IconKeyboard, IconLanguage, IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { chooseLocale, chooseTheme, preferences } from '@/lib/preferences';
import { session, signOut } from '@/lib/session';
import type { MenuBodyProps } from '@/ui/menu-on-demand';
import classes from './top-bar.module.css';

const THEMES = [
  ['light', IconSun],
  ['dark', IconMoon],
  ['auto', IconDeviceDesktop],
] as const;

/** Who is signed in, language, theme, keyboard help and the way out. */
export function AccountMenuBody({
  trigger,
  onShortcuts,
}: MenuBodyProps & { readonly onShortcuts?: (() => void) | undefined }) {
  const t = useTranslations();
  const person = useStore(session, (now) => now.person);
  const { theme, locale } = useStore(preferences);
  if (!person) return null;
  const icon = { size: 16, stroke: 1.75 } as const;
  return (
    <Menu position="bottom-end" width={236} offset={8} defaultOpened>
      <Menu.Target>{trigger}</Menu.Target>
      <Menu.Dropdown>
        <div className={classes.menuHead}>
          <div className={classes.menuName}>{person.name}</div>
          <div className={classes.menuNote}>{t(`common.role.${person.role}`)}</div>
          <div className={classes.menuNote}>{person.organisation.name}</div>
        </div>
        <Menu.Divider />
        <Menu.Label>{t('common.theme.label')}</Menu.Label>
        {THEMES.map(([key, Icon]) => (
          <Menu.Item
            key={key}
            leftSection={<Icon {...icon} />}
            onClick={() => chooseTheme(key)}
            role="menuitemradio"
            aria-checked={theme === key}
            data-chosen={theme === key || undefined}
          >
            {t(`common.theme.${key}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{t('common.language.label')}</Menu.Label>
        {(['fr', 'en'] as const).map((key) => (
          <Menu.Item
            key={key}
            leftSection={<IconLanguage {...icon} />}
            onClick={() => chooseLocale(key)}
            role="menuitemradio"
            aria-checked={locale === key}
            data-chosen={locale === key || undefined}
            lang={key}
          >
            {t(`common.language.${key}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {onShortcuts && (
          <Menu.Item visibleFrom="lg" leftSection={<IconKeyboard {...icon} />} onClick={onShortcuts}>
            {t('shell.account.shortcuts')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout {...icon} />} onClick={() => void signOut()}>
          {t('common.action.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
