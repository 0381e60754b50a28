import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import '@mantine/core/styles.css';
import '@/ui/theme/fonts.css';
import '@/ui/theme/base.css';
import { FIRST_PAINT_SCRIPT } from '@/lib/preferences';
import { PALETTE } from '@/ui/theme/palette';
import { Providers } from './providers';

export const metadata: Metadata = {
  description: 'Temoin',
  applicationName: 'Temoin',
  manifest: '/manifest.webmanifest',
  appleWebApp: { capable: true, title: 'Temoin', statusBarStyle: 'default' },
  icons: {
    icon: [
      { url: '/icons/icon.svg', type: 'image/svg+xml' },
      { url: '/icons/icon-192.png', sizes: '192x192' },
    ],
    apple: '/icons/apple-touch-icon.png',
  },
  formatDetection: { telephone: false },
  robots: { index: false },
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: PALETTE.light.surface },
    { media: '(prefers-color-scheme: dark)', color: PALETTE.dark.surface },
  ],
};

export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="fr" data-mantine-color-scheme="light" suppressHydrationWarning>
      <head>
        {/* Not in the metadata, which would write over the title that a page gives itself. */}
        <title>Temoin</title>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: our own constant text, allowed by its hash */}
        <script dangerouslySetInnerHTML={{ __html: FIRST_PAINT_SCRIPT }} />
      </head>
      <body>
        <noscript>Temoin : JavaScript est nécessaire. JavaScript is required.</noscript>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
