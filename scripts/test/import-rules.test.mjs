import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cruise } from './import-rules.mjs';

// The rules are tried on planted violations, inside the project so that its own packages resolve. A rule that finds nothing
// because it was written wrongly looks exactly like a project that keeps it.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let folder;
let found;

const FILES = {
  'apps/api/src/features/a/one.ts': "import '../b/two.ts';\nexport const one = 1;\n",
  'apps/api/src/features/b/two.ts': "import '../../../../web/src/ui/button.ts';\nexport const two = 2;\n",
  'apps/api/src/stores/series/duckdb-series-store.ts': "import '../../features/a/one.ts';\nexport const s = 1;\n",
  'apps/api/src/features/c/three.ts': "import '../../stores/series/duckdb-series-store.ts';\nexport const three = 3;\n",
  'apps/api/src/features/d/circle.ts': "import './square.ts';\nexport const circle = 1;\n",
  'apps/api/src/features/d/square.ts': "import './circle.ts';\nexport const square = 1;\n",
  'apps/web/src/ui/button.ts': "import 'node:fs';\nimport 'pg';\nexport const button = 1;\n",
  'packages/shared/src/units/index.ts': "import 'node:crypto';\nexport const unit = 1;\n",
  'apps/device-agent/src/agent.ts':
    "import '../../../packages/shared/src/units/index.ts';\nimport './gone.ts';\nexport const agent = 1;\n",
};

beforeAll(() => {
  mkdirSync(join(ROOT, 'test-results'), { recursive: true });
  folder = mkdtempSync(join(ROOT, 'test-results/planted-'));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  writeFileSync(join(folder, 'package.json'), '{"name":"planted","type":"module"}');
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(ROOT, 'tsconfig.base.json'), include: ['**/*.ts'] }),
  );
  found = cruise(folder, {
    roots: ['apps', 'packages'],
    tsConfig: 'tsconfig.json',
    config: join(ROOT, '.dependency-cruiser.cjs'),
    cli: ROOT,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('all planted modules were looked at', () => {
  expect(found.modules).toBe(Object.keys(FILES).length);
});

test.each([
  ['features-do-not-import-features', 'apps/api/src/features/a/one.ts'],
  ['apps-do-not-import-apps', 'apps/api/src/features/b/two.ts'],
  ['platform-does-not-know-features', 'apps/api/src/stores/series/duckdb-series-store.ts'],
  ['features-see-ports-not-adapters', 'apps/api/src/features/c/three.ts'],
  ['no-circular', 'apps/api/src/features/d/circle.ts'],
  ['web-owns-no-store', 'apps/web/src/ui/button.ts'],
  ['shared-stays-light', 'packages/shared/src/units/index.ts'],
  ['shared-by-name-only', 'apps/device-agent/src/agent.ts'],
  ['not-to-unresolvable', 'apps/device-agent/src/agent.ts'],
])('%s finds %s', (rule, file) => {
  expect(found.violations.filter((line) => line.startsWith(`${rule}: ${file}`))).not.toEqual([]);
});
