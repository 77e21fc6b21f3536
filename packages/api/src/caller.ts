/** Who calls, as the door they came through has established it. */
export type Caller =
  /** A browser that has not shown both its cookie and its token. */
  | { readonly kind: 'anonymous' }
  /** An unlocked page of the dashboard. */
  | { readonly kind: 'page'; readonly session: string }
  /** A program of the same user, through a Unix socket: the CLI, a proxy, the manager. */
  | { readonly kind: 'socket' };
