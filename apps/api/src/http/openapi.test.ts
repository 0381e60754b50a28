import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildTestApi, type TestApi } from '../testing/build-test-api.ts';

// docs/openapi.json is what others build against. `UPDATE_OPENAPI=1 npx vitest run apps/api/src/http/openapi.test.ts` writes it.

const FILE = fileURLToPath(new URL('../../../../docs/openapi.json', import.meta.url));
let api: TestApi;
beforeAll(async () => {
  api = await buildTestApi();
});
afterAll(() => api.close());

interface Description {
  openapi: string;
  info: { version: string };
  paths: Record<string, Record<string, { security?: unknown; responses?: Record<string, unknown> }>>;
  components: { schemas: Record<string, unknown> };
}

const described = async (): Promise<Description> => (await api.app.inject('/v1/openapi.json')).json();

test('the checked-in description is that of the doors there are', async () => {
  const now = await described();
  now.info.version = '0.1.0';
  const text = `${JSON.stringify(now, null, 2)}\n`;
  if (process.env.UPDATE_OPENAPI) await writeFile(FILE, text);
  expect(JSON.parse(await readFile(FILE, 'utf8')), 'run again with UPDATE_OPENAPI=1 and look at what changed').toEqual(
    now,
  );
});

test('it is OpenAPI 3.1, every reference leads somewhere, and no schema is there twice', async () => {
  const now = await described();
  expect(now.openapi).toBe('3.1.0');
  const names = Object.keys(now.components.schemas);
  const refs = [...JSON.stringify(now).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
  expect([...new Set(refs)].filter((name) => !names.includes(name!))).toEqual([]);
  expect(names.filter((name) => name.endsWith('Input') && !names.includes(name.replace(/Input$/, '')))).toEqual([]);
  expect(names).toContain('VehicleDetail');
  expect(names).toContain('SignIn');
});

test('there is a page to read it', async () => {
  const page = await api.app.inject('/docs/');
  expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers['content-security-policy']).not.toContain("script-src 'unsafe-inline'");
});
