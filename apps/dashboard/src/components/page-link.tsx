import Link from 'next/link';
import type { ComponentProps } from 'react';

/**
 * A link within the dashboard. What is behind it is fetched when it is followed, not when it is seen: while the manager is
 * away another program could answer, and what it says must not lie ready.
 */
export function PageLink(props: Omit<ComponentProps<typeof Link>, 'prefetch'>) {
  return <Link prefetch={false} {...props} />;
}
