import type { BackendEnd } from '@mcp-acp/mcp/backend-end';
import type { HttpBackendOptions } from '@mcp-acp/mcp/http/http-backend-options';
import { openHttpBackend } from '@mcp-acp/mcp/http/open-http-backend';

/** A program of its own: a backend on stdio needs no HTTP. */
export const connectBackend = (options: HttpBackendOptions): BackendEnd => openHttpBackend(options);
