import { VehiclesPage } from '@/features/fleet/table/vehicles-page';

export default function Page() {
  return <VehiclesPage />;
}
