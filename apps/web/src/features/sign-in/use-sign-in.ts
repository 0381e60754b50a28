import { useState } from 'react';
import { signIn } from '@/lib/session';

export interface Signing {
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly start: (email: string, password: string) => Promise<void>;
  readonly forgetError: () => void;
}

/** One sign-in at a time, by form or by a demonstration account. */
export function useSignIn(): Signing {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const start = async (email: string, password: string) => {
    setBusy(true);
    setError(undefined);
    try {
      await signIn(email, password);
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, error, start, forgetError: () => setError(undefined) };
}
