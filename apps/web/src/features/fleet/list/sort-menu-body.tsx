'use client';
import { Menu } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useStore } from 'zustand';
import type { MenuBodyProps } from '@/ui/menu-on-demand';
import { fleetFilter } from '../fleet-filter';
import { SORTS } from '../order-vehicles';

/** The orders to choose from. */
export function SortMenuBody({ trigger }: MenuBodyProps) {
  const t = useTranslations('fleet.sort');
  const sort = useStore(fleetFilter, (now) => now.sort);
  return (
    <Menu position="bottom-end" width={220} defaultOpened>
      <Menu.Target>{trigger}</Menu.Target>
      <Menu.Dropdown>
        {SORTS.map((key) => (
          <Menu.Item
            key={key}
            role="menuitemradio"
            aria-checked={sort === key}
            rightSection={sort === key ? <IconCheck size={16} stroke={1.75} /> : undefined}
            onClick={() => fleetFilter.setState({ sort: key })}
          >
            {t(key)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
