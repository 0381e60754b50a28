'use client';
import { Pending } from './pending';
import styles from './vehicle-page.module.css';

/** The shape of the page before the vehicle is known. */
export function VehicleSkeleton() {
  return (
    <div className={styles.page} aria-busy="true">
      <div style={{ padding: '16px 24px', display: 'grid', gap: 12 }}>
        <Pending heightPx={30} widthPx={260} />
        <Pending heightPx={18} widthPx={420} />
        <Pending heightPx={32} widthPx={340} />
      </div>
      <div style={{ padding: '0 24px 24px', display: 'grid', gap: 16 }}>
        <Pending heightPx={320} />
        {[0, 1, 2, 3, 4].map((row) => (
          <Pending key={row} heightPx={24} />
        ))}
      </div>
    </div>
  );
}
