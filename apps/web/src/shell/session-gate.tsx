'use client';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { type ReactNode, Suspense, useEffect } from 'react';
import { useStore } from 'zustand';
import { session } from '@/lib/session';
import { BootSkeleton } from './boot-skeleton';

function SendToSignIn() {
  const router = useRouter();
  const path = usePathname();
  const query = useSearchParams().toString();
  useEffect(() => {
    const here = `${path}${query ? `?${query}` : ''}`;
    router.replace(here === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(here)}`);
  }, [router, path, query]);
  return null;
}

/** Shows its children to a person who is signed in (or was, while there is no network), and leads others to sign in. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const phase = useStore(session, (now) => now.phase);
  const hasPerson = useStore(session, (now) => now.person !== undefined);
  if (hasPerson) return children;
  return (
    <>
      <BootSkeleton />
      {phase === 'out' && (
        <Suspense>
          <SendToSignIn />
        </Suspense>
      )}
    </>
  );
}
