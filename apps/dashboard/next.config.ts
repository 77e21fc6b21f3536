import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

/** The manager serves what is exported here; nothing of Next runs beside a user. */
const config: NextConfig = {
  // While it is developed, pages of any proxy are made as they are asked for.
  ...(process.env.NODE_ENV === 'production' ? { output: 'export' as const } : {}),
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  images: { unoptimized: true },
  transpilePackages: ['@mcp-acp/api', '@mcp-acp/policy', '@mcp-acp/shared'],
  turbopack: { root: fileURLToPath(new URL('../..', import.meta.url)) },
  // `npm run typecheck` looks at the whole tree; a build needs no second look.
  typescript: { ignoreBuildErrors: true },
};

export default config;
