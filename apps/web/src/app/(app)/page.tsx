'use client';
import { HomePage } from '@/features/fleet/home/home-page';
import { AccountMenu } from '@/shell/account-menu';

export default function Page() {
  return <HomePage accountMenu={<AccountMenu />} />;
}
