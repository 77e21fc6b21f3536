import type { Backend } from '@mcp-acp/config/proxy-config';
import type { RecordBody } from '@mcp-acp/shared/journal-record';
import type { EventOrigin } from '@mcp-acp/shared/live/live-event';
import { visible } from '@mcp-acp/shared/visible';
import {
  type Attributes,
  type Context,
  DiagLogLevel,
  diag,
  type HrTime,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { type CallSpan, createCallSpanReader, type PeerAttributes } from '../live/call-spans.ts';
import type { RecordTap } from '../live/record-tap.ts';

export interface TracesOptions {
  /** The receiver's whole URL. */
  readonly endpoint: string;
  readonly tap: RecordTap;
  readonly origin: EventOrigin;
  readonly program: string;
  readonly backend: Backend;
}

export interface Traces {
  /** Sends what is left. Never rejects. */
  close(): Promise<void>;
}

/** Records become spans in between, some at a time; what comes faster than that for long is not traced. */
const paceMs = 100;
const mostAtOnce = 256;
const mostWaiting = 8_192;
/** How long the last spans may take to leave. Milliseconds. */
const leaveMs = 1_000;

/**
 * Sends a span for each request and, where it was passed on, one for what the other side took, joined to the trace that
 * the request names. They are made from the journal's records after the fact: no message is touched.
 */
export function startTraces({ endpoint, tap, origin, program, backend }: TracesOptions): Traces {
  tellFirstFailure();
  const exporter = new OTLPTraceExporter({ url: new URL(endpoint).href });
  const resource = resourceFromAttributes({
    'service.name': 'mcp-acp',
    'service.version': program,
    'service.instance.id': origin.instance,
    'mcp_acp.proxy.id': origin.id,
    'mcp_acp.proxy.name': origin.name,
  });
  const provider = new BasicTracerProvider({
    // The standard variables have the last word.
    resource: resource.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
    spanLimits: { attributeValueLengthLimit: 512 },
  });
  const tracer = provider.getTracer('mcp-acp', program);
  const reader = createCallSpanReader(peersOf(backend), origin.instance);

  const send = (kind: SpanKind, span: CallSpan, context: Context): Context => {
    const { name, startMs, endMs, attributes, error } = span;
    const made = tracer.startSpan(
      name,
      { kind, startTime: hrTime(startMs), attributes: attributes as Attributes },
      context,
    );
    if (error !== undefined) made.setStatus({ code: SpanStatusCode.ERROR });
    made.end(hrTime(endMs));
    return trace.setSpan(context, made);
  };

  const take = (seq: number, timeMs: number, body: RecordBody): void => {
    const spans = reader.read(seq, timeMs, body);
    if (spans === undefined) return;
    const context = send(SpanKind.SERVER, spans.server, contextOf(spans.parent));
    if (spans.client !== undefined) send(SpanKind.CLIENT, spans.client, context);
  };

  const waiting: (readonly [seq: number, timeMs: number, body: RecordBody])[] = [];
  let timer: NodeJS.Timeout | undefined;
  const work = (most: number): void => {
    timer = undefined;
    for (const record of waiting.splice(0, most)) take(...record);
    if (waiting.length > 0) soon();
  };
  const soon = (): void => {
    timer ??= setTimeout(work, paceMs, mostAtOnce).unref();
  };
  tap.open((seq, timeMs, body) => {
    if (body.type !== 'decision' && body.type !== 'outcome' && body.type !== 'session') return;
    if (waiting.length >= mostWaiting) return;
    waiting.push([seq, timeMs, body]);
    soon();
  });

  return {
    close: async () => {
      tap.close();
      clearTimeout(timer);
      work(mostWaiting);
      clearTimeout(timer);
      const left = new Promise((resolve) => setTimeout(resolve, leaveMs));
      await Promise.race([provider.shutdown().catch(() => undefined), left]);
    },
  };
}

/** Fractions of a millisecond are kept; a wall clock that went back cannot make it a time of another kind. */
function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.min(999_999_999, Math.max(0, Math.round((ms - seconds * 1000) * 1e6)))];
}

/** The context of a request whose sender names its trace; the text was checked when it came. */
function contextOf(traceparent: string | undefined): Context {
  if (traceparent === undefined) return ROOT_CONTEXT;
  const [, traceId = '', spanId = '', flags = '00'] = traceparent.split('-');
  const traceFlags = Number.parseInt(flags, 16) & 1;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function peersOf(backend: Backend): PeerAttributes {
  const pipe = { 'network.transport': 'pipe' };
  if (backend.transport === 'stdio') return { client: pipe, server: pipe };
  const { hostname, port, protocol } = new URL(backend.url);
  return {
    client: pipe,
    server: {
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'server.address': hostname,
      'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    },
  };
}

/** A receiver that is away fails every few seconds: the first time is enough. */
function tellFirstFailure(): void {
  let isTold = false;
  const tell = (message: string): void => {
    if (isTold) return;
    isTold = true;
    process.stderr.write(`mcp-acp: traces cannot be sent: ${visible(message)}\n`);
  };
  const nothing = (): void => undefined;
  diag.setLogger(
    { error: tell, warn: nothing, info: nothing, debug: nothing, verbose: nothing },
    { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
  );
}
