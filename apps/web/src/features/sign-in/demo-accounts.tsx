'use client';
import { Role } from '@temoin/shared/accounts';
import { useTranslations } from 'use-intl';
import { useSettings } from '@/config/settings';
import classes from './sign-in-page.module.css';
import type { Signing } from './use-sign-in';

/** In a demonstration, the accounts to try: one press each. */
export function DemoAccounts({ signing }: { readonly signing: Signing }) {
  const t = useTranslations();
  const accounts = useSettings().data?.demoAccounts;
  if (!accounts?.length) return null;
  const roleOf = (role: string) => {
    const known = Role.safeParse(role);
    return known.success ? t(`common.role.${known.data}`) : role;
  };
  return (
    <section className={classes.demo}>
      <h2>{t('signIn.demoTitle')}</h2>
      <p>{t('signIn.demoText')}</p>
      <ul className={classes.accounts}>
        {accounts.map((account) => (
          <li key={account.email}>
            <button
              type="button"
              className={classes.account}
              disabled={signing.isBusy}
              onClick={() => void signing.start(account.email, account.password)}
            >
              <div>
                <strong>{account.name}</strong>
                <span>{account.email}</span>
              </div>
              <span>{roleOf(account.role)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
