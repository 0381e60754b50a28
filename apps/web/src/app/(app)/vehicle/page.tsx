import { Suspense } from 'react';
import { VehiclePage } from '@/features/vehicle/vehicle-page';

export default function Page() {
  return (
    <Suspense>
      <VehiclePage />
    </Suspense>
  );
}
