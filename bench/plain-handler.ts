import Fastify from 'fastify';
import pg from 'pg';

// The rival of the ingest benchmark, in a process of its own: what one writes first. Parse JSON, insert each record, answer.
// The table has a key, so that a repeated upload does not count twice; every insert is its own durable transaction.

const [url, port] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: 16 });
await pool.query(`CREATE TABLE IF NOT EXISTS plain_records
  (vehicle text, at bigint, record jsonb, PRIMARY KEY (vehicle, at))`);

const app = Fastify({ bodyLimit: 4 * 1024 * 1024 });
app.post('/records', async (request) => {
  const { vehicle, readings } = request.body as { vehicle: string; readings: { at: number; values: object }[] };
  for (const { at, values } of readings) {
    await pool.query('INSERT INTO plain_records VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [vehicle, at, values]);
  }
  return { stored: readings.length };
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
process.once('SIGTERM', async () => {
  await app.close();
  await pool.end();
});
