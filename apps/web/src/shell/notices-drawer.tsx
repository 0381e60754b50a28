'use client';
import { Drawer } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { Notices } from '@/features/fleet/notices/notices';
import { useFleet } from '@/features/fleet/use-fleet';

/** The notices on pages and widths that have no column for them. */
export function NoticesDrawer({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations('fleet.notices');
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={360}
      withCloseButton={false}
      padding={0}
      transitionProps={{ duration: 180 }}
      aria-label={t('title')}
    >
      <Body onClose={onClose} />
    </Drawer>
  );
}

function Body({ onClose }: { readonly onClose: () => void }) {
  return <Notices state={useFleet()} onLeave={onClose} />;
}
