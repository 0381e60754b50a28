import { openDuckDbSeriesStore } from './duckdb-series-store.ts';

// Run by duckdb-series-store.test.ts and killed there: appends batch after batch from where the file left off.
const store = await openDuckDbSeriesStore({ path: process.argv[2]! });
console.log('open');
for (let seq = Number(await store.cursor()); ; seq += 1) {
  const readings = Array.from({ length: 60 }, (_, index) => ({
    vehicleId: 'vehicle',
    boxId: 'box',
    boot: 1,
    seq,
    index,
    reading: {
      at: Date.UTC(2026, 10, 20) + (seq * 60 + index) * 1000,
      values: { rpm: 800 + index, lat: 48.5 + seq / 1e5, lon: 7.7 },
    },
  }));
  await store.append(readings, BigInt(seq + 1));
  console.log(String(seq + 1));
}
