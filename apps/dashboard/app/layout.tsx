import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { AppFrame } from '../src/shell/app-frame.tsx';
import { Providers } from '../src/shell/providers.tsx';
import './globals.css';

export const metadata: Metadata = { title: 'mcp-acp', referrer: 'no-referrer', icons: { icon: '/icon.svg' } };
export const viewport: Viewport = { width: 'device-width', initialScale: 1 };

export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* Before the first paint, so that a dark page does not begin in light. */}
        <script src="/boot.js" />
      </head>
      <body>
        <Providers>
          <AppFrame>{children}</AppFrame>
        </Providers>
      </body>
    </html>
  );
}
