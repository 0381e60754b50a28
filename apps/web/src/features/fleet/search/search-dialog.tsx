'use client';
import { Modal, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { serverNow } from '@/lib/server-clock';
import { Freshness } from '@/ui/freshness';
import { StateGlyph } from '@/ui/state-glyph';
import { orderVehicles } from '../order-vehicles';
import { useFleet } from '../use-fleet';
import classes from './search-dialog.module.css';
import { closeSearch } from './search-store';

const SHOWN = 12;

/** Search over everything that is loaded: plate, VIN, model, driver, street. */
export function SearchDialog() {
  const t = useTranslations('shell.search');
  return (
    <Modal
      opened
      onClose={closeSearch}
      withCloseButton={false}
      size={560}
      yOffset="10vh"
      transitionProps={{ duration: 120 }}
      aria-label={t('open')}
    >
      <SearchBody />
    </Modal>
  );
}

function SearchBody() {
  const t = useTranslations('shell.search');
  const tState = useTranslations('common.state');
  const router = useRouter();
  const state = useFleet();
  const listId = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const found = useMemo(
    () =>
      orderVehicles(state.vehicles.values(), {
        states: new Set(),
        text,
        sort: 'activity',
        now: state.copiedAt ?? serverNow(),
      }),
    [state, text],
  );
  const shown = found.slice(0, SHOWN);
  const open = (index: number) => {
    const chosen = shown[index];
    if (!chosen) return;
    closeSearch();
    router.push(`/vehicle?id=${encodeURIComponent(chosen.vehicle.id)}`);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setActive((now) => Math.min(shown.length - 1, now + 1));
    else if (event.key === 'ArrowUp') setActive((now) => Math.max(0, now - 1));
    else if (event.key === 'Enter') open(active);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        data-autofocus
        size="md"
        role="combobox"
        aria-label={t('open')}
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={shown[active] ? `${listId}-${active}` : undefined}
        placeholder={t('placeholder')}
        leftSection={<IconSearch size={18} stroke={1.75} />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={classes.list} id={listId} role="listbox" aria-label={t('results', { count: found.length })}>
        {shown.map(({ vehicle, state: vehicleState }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          <div
            key={vehicle.id}
            id={`${listId}-${index}`}
            className={classes.option}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onClick={() => open(index)}
            onPointerMove={() => setActive(index)}
          >
            <StateGlyph state={vehicleState} headingDeg={vehicle.position?.courseDeg} label={tState(vehicleState)} />
            <div style={{ minWidth: 0 }}>
              <div>
                <span className={classes.plate}>{vehicle.label}</span> {vehicle.model}
              </div>
              <div className={classes.second}>{[vehicle.driver, vehicle.vin].filter(Boolean).join(' · ')}</div>
            </div>
            <Freshness vehicle={vehicle} short isCopy={state.copiedAt !== undefined} />
          </div>
        ))}
      </div>
      <p className={classes.note} role="status">
        {found.length === 0 ? (text ? t('empty', { text }) : t('hint')) : t('results', { count: found.length })}
      </p>
    </>
  );
}
