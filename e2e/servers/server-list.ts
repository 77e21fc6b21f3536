import { join } from 'node:path';
import { type HttpMode, type MatrixServer, type Place, toolCall } from './matrix-server.ts';

/** An address nobody listens at: a call to it fails at once and alike everywhere, with a network or without. */
const nowhere = 'http://127.0.0.1:9';
/** A page that needs no network. */
const page = 'data:text/html;charset=utf-8,<title>Page</title><h1>Grüezi 🚀</h1><button>Go</button>';
const anyMachine = 'nothing but Node 20.19';
const wantsBrowser =
  'nothing to start; a Chromium (on Debian: apt-get install chromium) to do more than answer';

const everythingOver = (transport: HttpMode['transport'], mode: string, path: string): HttpMode => ({
  transport,
  args: () => [mode],
  env: (port) => ({ PORT: String(port) }),
  path,
});

export const everything: MatrixServer = {
  name: 'everything',
  package: '@modelcontextprotocol/server-everything',
  program: 'dist/index.js',
  args: () => ['stdio'],
  calls: () => [
    toolCall('echo', { message: 'naïve 漢字 🚀 \u2028' }),
    toolCall('get-structured-content', { location: 'Chicago' }),
    toolCall('get-tiny-image', {}),
    toolCall('trigger-sampling-request', { prompt: 'hello', maxTokens: 10 }),
    toolCall('echo', { message: 5 }),
    { method: 'prompts/get', params: { name: 'args-prompt', arguments: { city: 'Bern' } } },
    { method: 'resources/read', params: { uri: 'demo://resource/static/document/features.md' } },
    { method: 'resources/read', params: { uri: 'nowhere://at/all' } },
    {
      method: 'completion/complete',
      params: {
        ref: { type: 'ref/prompt', name: 'completable-prompt' },
        argument: { name: 'department', value: 'E' },
      },
    },
  ],
  volatile: [],
  needs: anyMachine,
  http: [everythingOver('http', 'streamableHttp', '/mcp'), everythingOver('sse', 'sse', '/sse')],
};

export const filesystem: MatrixServer = {
  name: 'filesystem',
  package: '@modelcontextprotocol/server-filesystem',
  program: 'dist/index.js',
  args: ({ folder }) => [folder],
  files: { 'a.txt': 'hello\n' },
  calls: ({ folder }) => [
    toolCall('read_text_file', { path: join(folder, 'a.txt') }),
    toolCall('write_file', { path: join(folder, 'b.txt'), content: 'new\n' }),
    toolCall('list_directory', { path: folder }),
    toolCall('get_file_info', { path: join(folder, 'a.txt') }),
    toolCall('read_text_file', { path: '/outside' }),
  ],
  volatile: [
    {
      what: 'time of a file',
      at: /get_file_info/,
      text: /(?<=(?:created|modified|accessed): )[^\n]+/g,
    },
  ],
  needs: anyMachine,
  http: [],
};

const memory: MatrixServer = {
  name: 'memory',
  package: '@modelcontextprotocol/server-memory',
  program: 'dist/index.js',
  args: () => [],
  env: ({ folder }) => ({ MEMORY_FILE_PATH: join(folder, 'memory.jsonl') }),
  calls: () => [
    toolCall('create_entities', {
      entities: [{ name: 'Ada', entityType: 'person', observations: ['wrote the first program'] }],
    }),
    toolCall('read_graph', {}),
    toolCall('search_nodes', { query: 'program' }),
    toolCall('create_relations', { relations: [{ from: 1 }] }),
  ],
  volatile: [],
  needs: anyMachine,
  http: [],
};

const sequentialThinking: MatrixServer = {
  name: 'sequential-thinking',
  package: '@modelcontextprotocol/server-sequential-thinking',
  program: 'dist/index.js',
  args: () => [],
  calls: () => [
    toolCall('sequentialthinking', {
      thought: 'one',
      nextThoughtNeeded: true,
      thoughtNumber: 1,
      totalThoughts: 2,
    }),
  ],
  volatile: [],
  needs: anyMachine,
  http: [],
};

const pdf: MatrixServer = {
  name: 'pdf',
  package: '@modelcontextprotocol/server-pdf',
  program: 'dist/index.js',
  args: () => ['--stdio'],
  calls: () => [
    toolCall('list_pdfs', {}),
    { method: 'resources/read', params: { uri: 'ui://pdf-viewer/mcp-app.html' } },
    toolCall('read_pdf_bytes', { url: 'file:///nowhere.pdf', offset: 0, byteCount: 16 }),
  ],
  volatile: [],
  needs: anyMachine,
  http: [{ transport: 'http', args: () => [], env: (port) => ({ PORT: String(port) }), path: '/mcp' }],
};

const headless = ({ browser }: Place): readonly string[] => [
  '--headless',
  '--isolated',
  '--no-sandbox',
  ...(browser === undefined ? [] : ['--executable-path', browser]),
];
const playwright: MatrixServer = {
  name: 'playwright',
  package: '@playwright/mcp',
  program: 'cli.js',
  args: headless,
  calls: () => [
    toolCall('browser_tabs', { action: 'list' }),
    toolCall('browser_navigate', { url: page }),
    toolCall('browser_take_screenshot', {}),
  ],
  volatile: [
    {
      what: 'time in the name of a file',
      at: /browser_/,
      text: /(?<=page-)\d{4}-\d\d-\d\dT[\d-]+Z/g,
    },
  ],
  needs: wantsBrowser,
  http: [
    { transport: 'http', args: (port, place) => [...headless(place), '--port', String(port)], path: '/mcp' },
    { transport: 'sse', args: (port, place) => [...headless(place), '--port', String(port)], path: '/sse' },
  ],
};

const notionToken = 'matrix';
const notion: MatrixServer = {
  name: 'notion',
  package: '@notionhq/notion-mcp-server',
  program: 'bin/cli.mjs',
  args: () => [],
  env: () => ({ BASE_URL: nowhere }),
  calls: () => [toolCall('API-get-self', {}), toolCall('API-get-user', { user_id: 'nobody' })],
  volatile: [],
  needs: anyMachine,
  http: [
    {
      transport: 'http',
      args: (port) => ['--transport', 'http', '--port', String(port), '--auth-token', notionToken],
      path: '/mcp',
      headers: { Authorization: `Bearer ${notionToken}` },
    },
  ],
};

const context7: MatrixServer = {
  name: 'context7',
  package: '@upstash/context7-mcp',
  program: 'dist/index.js',
  args: () => [],
  env: () => ({ CONTEXT7_API_URL: nowhere }),
  calls: () => [
    toolCall('resolve-library-id', { libraryName: 'react', query: 'hooks' }),
    toolCall('query-docs', { libraryId: 5 }),
  ],
  volatile: [],
  stateless: true,
  needs: anyMachine,
  http: [
    { transport: 'http', args: (port) => ['--transport', 'http', '--port', String(port)], path: '/mcp' },
  ],
};

const chromeDevtools: MatrixServer = {
  name: 'chrome-devtools',
  package: 'chrome-devtools-mcp',
  program: 'build/src/bin/chrome-devtools-mcp.js',
  args: ({ browser }) => [
    '--headless',
    '--isolated',
    '--no-usage-statistics',
    '--no-performance-crux',
    ...(browser === undefined ? [] : ['--executablePath', browser, '--chromeArg=--no-sandbox']),
  ],
  calls: () => [
    toolCall('list_pages', {}),
    toolCall('navigate_page', { type: 'url', url: page }),
    toolCall('take_snapshot', {}),
    toolCall('click', {}),
  ],
  volatile: [],
  needs: wantsBrowser,
  http: [],
};

const mongodb: MatrixServer = {
  name: 'mongodb',
  package: 'mongodb-mcp-server',
  program: 'dist/esm/index.js',
  args: () => [],
  env: ({ folder }) => ({ MDB_MCP_TELEMETRY: 'disabled', MDB_MCP_LOG_PATH: folder }),
  calls: () => [
    toolCall('list-connections', {}),
    toolCall('list-databases', {}),
    { method: 'resources/read', params: { uri: 'config://config' } },
    { method: 'resources/read', params: { uri: 'debug://mongodb' } },
  ],
  volatile: [],
  stateless: true,
  needs: anyMachine,
  http: [
    { transport: 'http', args: (port) => ['--transport', 'http', '--httpPort', String(port)], path: '/mcp' },
  ],
};

export const matrixServers: readonly MatrixServer[] = [
  everything,
  filesystem,
  memory,
  sequentialThinking,
  pdf,
  playwright,
  notion,
  context7,
  chromeDevtools,
  mongodb,
];
