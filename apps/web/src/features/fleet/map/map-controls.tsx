'use client';
import { Menu } from '@mantine/core';
import {
  IconCheck,
  IconFocusCentered,
  IconMaximize,
  IconMinimize,
  IconMinus,
  IconPlus,
  IconStack2,
} from '@tabler/icons-react';
import { useState, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import type { GroundKind, TemoinMap } from '@/ui/map/create-map';
import classes from './fleet-map.module.css';

interface MapControlsProps {
  readonly temoin: TemoinMap;
  readonly hasTiles: boolean;
  readonly onFit: () => void;
}

const subscribe = (listener: () => void) => {
  document.addEventListener('fullscreenchange', listener);
  return () => document.removeEventListener('fullscreenchange', listener);
};

/** Zoom, base map, frame all, full screen. */
export function MapControls({ temoin, hasTiles, onFit }: MapControlsProps) {
  const t = useTranslations('fleet');
  const [ground, setGround] = useState<GroundKind>('tiles');
  const isFull = useSyncExternalStore(
    subscribe,
    () => document.fullscreenElement !== null,
    () => false,
  );
  const icon = { size: 18, stroke: 1.75, 'aria-hidden': true } as const;
  const choose = (next: GroundKind) => {
    setGround(next);
    temoin.setGround(next);
  };
  const shown = hasTiles ? ground : 'own';
  return (
    <div className={classes.controls}>
      <div className={`${classes.group} ${classes.zoom}`}>
        <button
          type="button"
          className={classes.button}
          aria-label={t('control.zoomIn')}
          title={t('control.zoomIn')}
          onClick={() => temoin.map.zoomIn()}
        >
          <IconPlus {...icon} />
        </button>
        <button
          type="button"
          className={classes.button}
          aria-label={t('control.zoomOut')}
          title={t('control.zoomOut')}
          onClick={() => temoin.map.zoomOut()}
        >
          <IconMinus {...icon} />
        </button>
      </div>
      <div className={classes.group}>
        <Menu position="left-start" width={220}>
          <Menu.Target>
            <button
              type="button"
              className={`${classes.button} ${classes.optional}`}
              aria-label={t('control.ground')}
              title={t('control.ground')}
            >
              <IconStack2 {...icon} />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t('control.ground')}</Menu.Label>
            {(['own', 'tiles'] as const).map((key) => (
              <Menu.Item
                key={key}
                role="menuitemradio"
                aria-checked={shown === key}
                disabled={key === 'tiles' && !hasTiles}
                rightSection={shown === key ? <IconCheck size={16} stroke={1.75} /> : undefined}
                onClick={() => choose(key)}
              >
                {t(`ground.${key}`)}
              </Menu.Item>
            ))}
            {!hasTiles && <Menu.Label>{t('ground.noTiles')}</Menu.Label>}
          </Menu.Dropdown>
        </Menu>
        <button
          type="button"
          className={classes.button}
          aria-label={t('control.fit')}
          title={t('control.fit')}
          onClick={onFit}
        >
          <IconFocusCentered {...icon} />
        </button>
        <button
          type="button"
          className={`${classes.button} ${classes.optional}`}
          aria-label={isFull ? t('control.leaveFullScreen') : t('control.fullScreen')}
          title={isFull ? t('control.leaveFullScreen') : t('control.fullScreen')}
          onClick={() =>
            void (isFull ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(
              () => undefined,
            )
          }
        >
          {isFull ? <IconMinimize {...icon} /> : <IconMaximize {...icon} />}
        </button>
      </div>
    </div>
  );
}
