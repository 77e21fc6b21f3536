/** What a rule says about an access request. Deny beats ask beats allow; nothing said is deny. */
export type Effect = 'allow' | 'ask' | 'deny';

const strength = { allow: 0, ask: 1, deny: 2 } as const satisfies Record<Effect, number>;

/** The stricter of two effects. */
export const stricter = (a: Effect, b: Effect): Effect => (strength[a] >= strength[b] ? a : b);
