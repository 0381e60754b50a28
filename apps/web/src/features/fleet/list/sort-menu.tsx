'use client';
import { ActionIcon, Button } from '@mantine/core';
import { IconArrowsSort } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { MenuOnDemand } from '@/ui/menu-on-demand';

const load = () => import('./sort-menu-body').then((module) => module.SortMenuBody);
const icon = <IconArrowsSort size={18} stroke={1.75} />;

/** Chooses the order of the list. With a word on phones, where there is no note that says the order. */
export function SortMenu({ hasWord = false }: { readonly hasWord?: boolean }) {
  const t = useTranslations('fleet');
  const trigger = hasWord ? (
    <Button variant="subtle" leftSection={icon}>
      {t('sortWord')}
    </Button>
  ) : (
    <ActionIcon variant="default" aria-label={t('sortLabel')} title={t('sortLabel')}>
      {icon}
    </ActionIcon>
  );
  return <MenuOnDemand trigger={trigger} load={load} body={{}} />;
}
