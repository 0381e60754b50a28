import { SignIn } from '@temoin/shared/accounts';
import * as z from 'zod';

// zod would probe `new Function`, which our content security policy forbids and the browser would report.
z.config({ jitless: true });

export type Field = 'email' | 'password';
export type FieldProblem = 'emailMissing' | 'emailInvalid' | 'passwordMissing';

export type ReadForm =
  | { readonly ok: true; readonly value: SignIn }
  | { readonly ok: false; readonly problems: Partial<Record<Field, FieldProblem>> };

/** Checks what was typed by the same schema as the API, and says per field what is missing. */
export function readForm(email: string, password: string): ReadForm {
  const result = SignIn.safeParse({ email, password });
  if (result.success) return { ok: true, value: result.data };
  const problems: Partial<Record<Field, FieldProblem>> = {};
  for (const issue of result.error.issues) {
    if (issue.path[0] === 'email') problems.email = email.trim() === '' ? 'emailMissing' : 'emailInvalid';
    else problems.password = 'passwordMissing';
  }
  return { ok: false, problems };
}
