'use client';
import { Modal } from '@mantine/core';
import { useTranslations } from 'use-intl';
import classes from './shortcuts-dialog.module.css';

const KEYS = [
  ['search', ['Ctrl K']],
  ['filter', ['/']],
  ['next', ['J', 'K']],
  ['open', ['Enter']],
  ['close', ['Esc']],
  ['fit', ['F']],
  ['help', ['?']],
] as const;

/** The list of keys. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations('shell.shortcuts');
  const tAction = useTranslations('common.action');
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('title')}
      size={420}
      closeButtonProps={{ 'aria-label': tAction('close') }}
      transitionProps={{ duration: 120 }}
    >
      <dl className={classes.keys}>
        {KEYS.map(([name, keys]) => (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key} className="kbd" style={{ display: 'inline-flex' }}>
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
