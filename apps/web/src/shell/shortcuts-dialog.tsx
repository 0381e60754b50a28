'use client';
import { Modal } from '@mantine/core';
import { useEffect } from 'react';
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

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The list of keys; `?` opens it. */
export function ShortcutsDialog({
  isOpen,
  onOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}) {
  const t = useTranslations('shell.shortcuts');
  const tAction = useTranslations('common.action');
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === '?' && !isTyping(event.target)) onOpen();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [onOpen]);
  return (
    <Modal
      opened={isOpen}
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
