/** An operation on the live state of a proxy, on its way to the instance that has it. */
export interface ForwardedOperation {
  readonly path: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** As it came, `proxy` and `instance` included; the instance checks it. */
  readonly input: unknown;
  readonly proxy: string;
  readonly instance?: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Carries an operation to an instance and its answer back: the value, or for a subscription an async iterable of what
 * tRPC's `tracked` makes. Throws AcpError: 'proxy_unknown', 'proxy_disconnected', 'proxy_unanswering',
 * 'instance_ambiguous', and what the instance itself answers.
 */
export type Forward = (operation: ForwardedOperation) => Promise<unknown>;
