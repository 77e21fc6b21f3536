/**
 * The rooms of the house and the arrows between them, as data. An import that is not written here is not allowed, in
 * source or in a package.json: a new arrow is a reviewed change of this file.
 */
export interface Room {
  /** 0 words · 1 parts · 2 joints · 3 features · 4 apps. Imports point down only. */
  readonly layer: 0 | 1 | 2 | 3 | 4;
  readonly mayImport: readonly string[];
  /** Packages the room bundles as an entry of a build. They are not imported by its source. */
  readonly buildEntries?: readonly string[];
  /** Packages from the registry that source may import. Everything else is `node:` or our own. */
  readonly packages?: readonly string[];
  /** Holds only its place for now: no source at all. */
  readonly empty?: true;
  /** Folders with source beside `src`. */
  readonly folders?: readonly string[];
  /** Runs in a browser too: no `node:` import. */
  readonly browser?: true;
}

const parts = ['mcp', 'policy', 'audit', 'config', 'identity'] as const;

export const rooms: Readonly<Record<string, Room>> = {
  'packages/shared': { layer: 0, mayImport: [], packages: ['zod'], browser: true },
  'packages/mcp': { layer: 1, mayImport: ['shared'] },
  'packages/policy': { layer: 1, mayImport: ['shared'], packages: ['yaml'], browser: true },
  'packages/audit': { layer: 1, mayImport: ['shared'] },
  'packages/config': { layer: 1, mayImport: ['shared'] },
  'packages/identity': { layer: 1, mayImport: ['shared'] },
  'packages/secrets': { layer: 1, mayImport: ['shared'], empty: true },
  'packages/db': {
    layer: 1,
    mayImport: ['shared'],
    packages: ['better-sqlite3', 'drizzle-orm', 'drizzle-kit'],
  },
  'packages/pipeline': { layer: 2, mayImport: ['shared', 'mcp', 'policy', 'audit'] },
  'packages/admin': { layer: 2, mayImport: ['shared', 'policy', 'audit', 'config'], packages: ['yaml'] },
  'packages/api': { layer: 2, mayImport: ['shared'], packages: ['@trpc/client', '@trpc/server', 'zod'] },
  'apps/proxy': {
    layer: 4,
    mayImport: ['shared', ...parts, 'pipeline', 'admin', 'api'],
    packages: [
      '@opentelemetry/api',
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace-base',
    ],
  },
  'apps/cli': {
    layer: 4,
    mayImport: ['shared', ...parts, 'admin', 'api'],
    buildEntries: ['proxy', 'manager', 'dashboard'],
    packages: ['@inquirer/prompts', 'commander', 'yaml'],
  },
  'apps/manager': {
    layer: 4,
    mayImport: ['shared', 'policy', 'audit', 'config', 'identity', 'admin', 'api', 'db'],
    packages: ['@trpc/client', '@trpc/server', 'prom-client', 'ws', 'zod'],
  },
  'apps/dashboard': {
    layer: 4,
    mayImport: ['shared', 'policy', 'api'],
    browser: true,
    folders: ['app'],
    packages: [
      '@codemirror/autocomplete',
      '@codemirror/commands',
      '@codemirror/lang-yaml',
      '@codemirror/language',
      '@codemirror/lint',
      '@codemirror/merge',
      '@codemirror/search',
      '@codemirror/state',
      '@codemirror/view',
      '@lezer/highlight',
      '@tanstack/react-query',
      '@tanstack/react-virtual',
      '@trpc/client',
      '@trpc/server',
      '@trpc/tanstack-react-query',
      'class-variance-authority',
      'clsx',
      'lucide-react',
      'next',
      'radix-ui',
      'react',
      'react-dom',
      'tailwind-merge',
      'uplot',
    ],
  },
};

/** Used by tests only, from any room; it may know the words, the protocol and the ports it stands in for. */
export const testingRoom = { path: 'packages/testing', mayImport: ['shared', 'mcp', 'audit'] } as const;

/**
 * Folders with packages outside the workspaces, too large for everybody's `npm install`: a script of the room beside each
 * installs it when it is first needed, and runs what it installed as programs.
 */
export const installedApart: readonly string[] = ['e2e/conformance/installed', 'e2e/servers/installed'];

/** Source files longer than the limit, each with the reason why it stays whole. */
export const longFiles: Readonly<Record<string, string>> = {};

/** Lines a file may have before it is read as two files in one. A table of test cases may be longer than source. */
export const maxLines = { source: 350, test: 600 } as const;
