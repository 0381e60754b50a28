'use client';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { api } from '@/lib/api-client';
import styles from './now.module.css';

/** The newest photo of the box; nothing at all while there is none. */
export function LatestPhoto({ vehicleId }: { readonly vehicleId: string }) {
  const t = useTranslations('vehicle.photo');
  const query = useQuery({
    queryKey: ['photo', vehicleId],
    queryFn: ({ signal }) =>
      api.getBlob(`/v1/vehicles/${encodeURIComponent(vehicleId)}/photo/latest`, { signal, retries: 0 }),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!query.data) return setUrl(undefined);
    const made = URL.createObjectURL(query.data);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [query.data]);
  if (!url) return null;
  return (
    <section aria-labelledby="photo-title">
      <header className={styles.sectionHead} data-plain>
        <h2 id="photo-title">{t('title')}</h2>
      </header>
      {/* biome-ignore lint/performance/noImgElement: bytes behind a sign-in, not a file that Next could prepare */}
      <img className={styles.photo} src={url} alt={t('alt')} />
    </section>
  );
}
