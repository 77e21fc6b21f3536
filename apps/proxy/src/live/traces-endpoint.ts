import type { HomePaths } from '@mcp-acp/config/home-paths';
import { readManagerConfig } from '@mcp-acp/config/manager-config';

const tracesPath = '/v1/traces';

/**
 * Where traces go, by the standard variables of OpenTelemetry or else by `telemetry.otlpEndpoint` of manager.json;
 * undefined where nobody wants any. What it names is checked when it is used.
 */
export function tracesEndpoint(env: NodeJS.ProcessEnv, paths: HomePaths): string | undefined {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return undefined;
  const exporters = env.OTEL_TRACES_EXPORTER;
  if (exporters !== undefined && exporters !== '' && !exporters.split(',').includes('otlp')) return undefined;
  if (env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT || configured(paths);
  return base === undefined ? undefined : `${base.replace(/\/+$/, '')}${tracesPath}`;
}

function configured(paths: HomePaths): string | undefined {
  try {
    return readManagerConfig(paths).telemetry?.otlpEndpoint;
  } catch {
    // It was whole when this start read it first; a break since then concerns the next one.
    return undefined;
  }
}
