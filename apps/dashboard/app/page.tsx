import { ProxiesPage } from '../src/features/proxies/proxies-page.tsx';

export default function Page() {
  return <ProxiesPage />;
}
