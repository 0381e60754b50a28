import type { ReactNode } from 'react';
import { AppShell } from '@/shell/app-shell';

export default function AppLayout({ children }: { readonly children: ReactNode }) {
  return <AppShell>{children}</AppShell>;
}
