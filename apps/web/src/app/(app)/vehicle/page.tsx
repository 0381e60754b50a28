import type { Metadata } from 'next';
import { Suspense } from 'react';
import { VehiclePage } from '@/features/vehicle/vehicle-page';

export const metadata: Metadata = { title: 'Temoin' };

export default function Page() {
  return (
    <Suspense>
      <VehiclePage />
    </Suspense>
  );
}
