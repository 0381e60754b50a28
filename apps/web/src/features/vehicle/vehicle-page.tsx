'use client';
import Link from 'next/link';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ApiError } from '@/lib/api-error';
import { Problem } from '@/ui/problem';
import { DataTab } from './data-tab';
import { EngineTab } from './engine-tab';
import { ExportDialog } from './export-dialog';
import { NowTab } from './now-tab';
import { ReservedView } from './reserved-view';
import { TrackTab } from './track-tab';
import { TABS, type Tab, tabOf, useAddress } from './use-address';
import { useMay } from './use-may';
import { useVehicle } from './use-vehicle';
import { VehicleHead } from './vehicle-head';
import styles from './vehicle-page.module.css';
import { VehicleSkeleton } from './vehicle-skeleton';

/** `/vehicle?id=…&tab=…`: one vehicle, by id or VIN. */
export function VehiclePage() {
  const { params } = useAddress();
  const id = params.get('id') ?? '';
  // Another vehicle is another page: nothing of the one before may linger.
  return <OneVehicle key={id} id={id} />;
}

function OneVehicle({ id }: { readonly id: string }) {
  const t = useTranslations('vehicle');
  const { params, change } = useAddress();
  const { vehicle, stream, error, copiedAt, closed, retry } = useVehicle(id);
  const mayLive = useMay('vehicle.live');
  const mayHistory = useMay('vehicle.history');
  const mayLedger = useMay('vehicle.ledger');
  const [isExporting, setExporting] = useState(false);
  const label = vehicle?.label;

  useEffect(() => {
    if (label) document.title = `${label} · Temoin`;
  }, [label]);

  if (id === '') return <Missing text={t('missing.noId')} />;
  if (closed) return <Missing text={vehicle ? t('missing.closed') : t('missing.text')} />;
  if (!vehicle && error) {
    if (error instanceof ApiError && error.code === 'not_found') return <Missing text={t('missing.text')} />;
    return (
      <div className={styles.alone}>
        <Problem error={error} stillWorks={t('missing.stillWorks')} onRetry={retry} />
      </div>
    );
  }
  if (!vehicle) return <VehicleSkeleton />;

  const tabs = TABS.filter((tab) => (tab === 'now' ? true : tab === 'data' ? mayLedger : mayHistory));
  const asked = tabOf(params.get('tab'));
  const tab = tabs.includes(asked) ? asked : 'now';
  const open = (next: Tab) => change({ tab: next }, 'push');
  const props = { vehicle, address: id, stream, onTab: open, onExport: () => setExporting(true) };
  return (
    <div className={styles.page}>
      <VehicleHead
        vehicle={vehicle}
        address={id}
        tab={tab}
        tabs={tabs}
        copiedAt={copiedAt}
        onTab={open}
        onExport={props.onExport}
      />
      {/* The ledger has nothing to focus in it: the pane that scrolls must be reachable by keyboard. */}
      <div className={styles.body} {...(tab === 'data' ? { tabIndex: 0 } : {})}>
        {tab === 'now' && (mayLive ? <NowTab {...props} /> : <ReservedView {...props} />)}
        {tab === 'engine' && <EngineTab {...props} />}
        {tab === 'track' && <TrackTab {...props} />}
        {tab === 'data' && <DataTab {...props} />}
      </div>
      {isExporting && <ExportDialog vehicle={vehicle} onClose={() => setExporting(false)} />}
    </div>
  );
}

function Missing({ text }: { readonly text: string }) {
  const t = useTranslations('common');
  const words = useTranslations('vehicle');
  return (
    <div className={styles.missing}>
      <h1>{t('notFound.title')}</h1>
      <p>{text}</p>
      <p>
        <Link className="link" href="/vehicles">
          {words('backToList')}
        </Link>
      </p>
    </div>
  );
}
