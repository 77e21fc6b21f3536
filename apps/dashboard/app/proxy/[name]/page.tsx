import { Suspense } from 'react';
import { Loading } from '../../../src/components/skeleton.tsx';
import { ProxyPage } from '../../../src/features/proxy/proxy-page.tsx';

/** One file stands for all proxies: the manager serves it at any name, which the page reads from the address. */
export const generateStaticParams = (): { name: string }[] => [{ name: '_' }];
export const dynamicParams = false;

export default function Page() {
  return (
    <Suspense fallback={<Loading lines={4} />}>
      <ProxyPage />
    </Suspense>
  );
}
