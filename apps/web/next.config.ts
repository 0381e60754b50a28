import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

// The web app is plain files: no Next server runs, the API serves `out/` from its own origin.
const config: NextConfig = {
  output: 'export',
  reactStrictMode: true,
  trailingSlash: false,
  poweredByHeader: false,
  images: { unoptimized: true },
  transpilePackages: ['@temoin/shared'],
  // Types and lint are checked by their own steps of `npm test`; doing it here again would double the build time.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: fileURLToPath(new URL('../..', import.meta.url)) },
  outputFileTracingRoot: fileURLToPath(new URL('../..', import.meta.url)),
  experimental: { optimizePackageImports: ['@mantine/core', '@mantine/hooks', '@tabler/icons-react'] },
  devIndicators: false,
};

export default config;
