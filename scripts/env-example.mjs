#!/usr/bin/env node
import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

// `.env.example` is written from the schema that reads the environment, so that it names every setting, and none that is not
// there. A test compares; after a change: node scripts/env-example.mjs

/** The text of `.env.example` for a flat Zod object schema. */
export function renderEnvExample(schema) {
  const lines = [
    '# Settings of the service, with what holds when they are not set. Written by scripts/env-example.mjs.',
    '',
  ];
  for (const [name, field] of Object.entries(schema.shape)) {
    const parsed = field.safeParse(undefined);
    const value = parsed.success && parsed.data !== undefined ? String(parsed.data === false ? 0 : parsed.data) : '';
    const meaning = field.description ?? field.def?.innerType?.description;
    lines.push(`${meaning ? `# ${meaning}\n` : ''}#${name}=${value}`);
  }
  return `${lines.join('\n')}\n`;
}

export const FILE = fileURLToPath(new URL('../.env.example', import.meta.url));

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { register } = await import('tsx/esm/api');
  register();
  const { Env } = await import('../apps/api/src/config/env.ts');
  writeFileSync(FILE, renderEnvExample(Env));
}
