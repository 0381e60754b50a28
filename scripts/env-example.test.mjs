import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Env } from '../apps/api/src/config/env.ts';
import { FILE, renderEnvExample } from './env-example.mjs';

test('.env.example names every setting of the service with its default', () => {
  expect(readFileSync(FILE, 'utf8')).toBe(renderEnvExample(Env));
});
