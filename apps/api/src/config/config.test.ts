import { expect, test } from 'vitest';
import { buildConfig } from './config.ts';
import { ConfigProblems, readEnv } from './env.ts';

const configOf = (source: Record<string, string>) => buildConfig(readEnv(source));
const problemsOf = (source: Record<string, string>): readonly string[] => {
  try {
    configOf(source);
  } catch (error) {
    if (error instanceof ConfigProblems) return error.problems;
    throw error;
  }
  return [];
};

test('nothing set gives embedded parts on this machine', () => {
  const config = configOf({ TEMOIN_DATA: '/data' });
  expect(config.postgres.kind).toBe('embedded');
  expect(config.series).toEqual({ kind: 'duckdb', file: '/data/series.duckdb' });
  expect(config.http.publicOrigins).toEqual(['http://localhost:8480', 'http://127.0.0.1:8480']);
  expect([...config.parts]).toEqual(['http', 'live', 'projections']);
  expect(config.demo).toBeUndefined();
});

test('an empty variable counts as absent', () => {
  expect(configOf({ TEMOIN_PORT: '', DATABASE_URL: '' }).http.port).toBe(8480);
});

test('all unreadable settings are named at once', () => {
  const problems = problemsOf({ TEMOIN_PORT: '99999', DATABASE_URL: 'mysql://x', TEMOIN_SERIES: 'files' });
  expect(problems.map((problem) => problem.split(':')[0])).toEqual(['TEMOIN_PORT', 'DATABASE_URL', 'TEMOIN_SERIES']);
});

test('all impossible pairs are named at once', () => {
  const problems = problemsOf({
    ...{ TEMOIN_SERIES: 'influx', INFLUX_URL: 'http://localhost:8086' },
    ...{ TEMOIN_BLOBS: 's3', TEMOIN_LOG: 'nats', TEMOIN_PARTS: 'http,dance', TEMOIN_PUBLIC_ORIGINS: 'fleet.example' },
  });
  expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
    ...['INFLUX_BUCKET', 'INFLUX_TOKEN', 'NATS_URL', 'S3_ACCESS_KEY', 'S3_BUCKET', 'S3_ENDPOINT', 'S3_SECRET_KEY'],
    ...['TEMOIN_PARTS', 'TEMOIN_PUBLIC_ORIGINS'],
  ]);
});

test('origins lose paths and slashes', () => {
  expect(
    configOf({ TEMOIN_PUBLIC_ORIGINS: 'https://a.example/, https://b.example:8443/x' }).http.publicOrigins,
  ).toEqual(['https://a.example', 'https://b.example:8443']);
});
