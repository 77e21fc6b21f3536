import { visible } from '@mcp-acp/shared/visible';

const labelLength = 128;
/** Stands for whatever came after the last name there was room for. */
export const otherLabel = 'other';

/** Gives names a place among the labels of a metric, as long as there is room. */
export interface BoundedLabels {
  of(name: string): string;
}

/** Names of others as label values: what is invisible is made visible, what is long is cut, and there are at most so many. */
export function boundedLabels(most: number): BoundedLabels {
  const known = new Map<string, string>();
  return {
    of: (name) => {
      const found = known.get(name);
      if (found !== undefined) return found;
      if (known.size >= most) return otherLabel;
      const label = cut(visible(name, labelLength));
      known.set(name, label);
      return label;
    },
  };
}

/** Escapes and the mark of a cut make a name longer. */
const cut = (label: string): string =>
  label.length > labelLength ? `${label.slice(0, labelLength - 1)}…` : label;

const mostProxies = 200;
const mostTools = 500;

/** The labels of proxies and, for each of them, of its tools. */
export function proxyLabels() {
  const proxies = boundedLabels(mostProxies);
  const tools = new Map<string, BoundedLabels>();
  return {
    proxy: (name: string): string => proxies.of(name),
    /** `proxy` is a label. */
    tool: (proxy: string, name: string): string => {
      let ofProxy = tools.get(proxy);
      if (ofProxy === undefined) {
        ofProxy = boundedLabels(mostTools);
        tools.set(proxy, ofProxy);
      }
      return ofProxy.of(name);
    },
  };
}
