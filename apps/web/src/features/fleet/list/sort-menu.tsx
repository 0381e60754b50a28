'use client';
import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconArrowsSort, IconCheck } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import { fleetFilter } from '../fleet-filter';
import { SORTS } from '../order-vehicles';

/** Chooses the order of the list. With words on phones, where there is no note that says the order. */
export function SortMenu({ hasWord = false }: { readonly hasWord?: boolean }) {
  const t = useTranslations('fleet');
  const sort = useStore(fleetFilter, (now) => now.sort);
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        {hasWord ? (
          <Button variant="subtle" leftSection={<IconArrowsSort size={18} stroke={1.75} />}>
            {t('sortLabel')}
          </Button>
        ) : (
          <ActionIcon variant="default" aria-label={t('sortLabel')}>
            <IconArrowsSort size={18} stroke={1.75} />
          </ActionIcon>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        {SORTS.map((key) => (
          <Menu.Item
            key={key}
            role="menuitemradio"
            aria-checked={sort === key}
            rightSection={sort === key ? <IconCheck size={16} stroke={1.75} /> : undefined}
            onClick={() => fleetFilter.setState({ sort: key })}
          >
            {t(`sort.${key}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
