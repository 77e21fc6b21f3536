import type { JsonObject } from '@mcp-acp/shared/json';

/** The folder a server works in. It stands at the same path, with the same content, for both sides of a comparison. */
export interface Place {
  readonly folder: string;
  /** A browser of this machine, where it has one. */
  readonly browser: string | undefined;
}

export interface Call {
  readonly method: string;
  readonly params: JsonObject;
}

/** Text that differs between two runs of the same server, and what it is. Everything else must be equal. */
export interface Volatile {
  readonly what: string;
  /** Which places of an observation it may stand in, as `firstDifference` writes them. */
  readonly at: RegExp;
  readonly text: RegExp;
}

/** How a server is started to be spoken to over HTTP. */
export interface HttpMode {
  readonly transport: 'http' | 'sse';
  readonly args: (port: number, place: Place) => readonly string[];
  readonly env?: (port: number) => Readonly<Record<string, string>>;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One real server of the matrix: how it is started without network and credentials, and what is asked of it. */
export interface MatrixServer {
  readonly name: string;
  readonly package: string;
  /** The program inside the package. */
  readonly program: string;
  readonly args: (place: Place) => readonly string[];
  readonly env?: (place: Place) => Readonly<Record<string, string>>;
  /** Files in its folder, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** What is asked of it beyond its lists. The first is the one the table shows. */
  readonly calls: (place: Place) => readonly [Call, ...Call[]];
  readonly volatile: readonly Volatile[];
  /** It speaks revision 2026-07-28 too. */
  readonly stateless?: true;
  /** What a machine needs that npm does not bring, to say where the server does not start. */
  readonly needs: string;
  readonly http: readonly HttpMode[];
}

export const toolCall = (name: string, args: JsonObject): Call => ({
  method: 'tools/call',
  params: { name, arguments: args },
});
