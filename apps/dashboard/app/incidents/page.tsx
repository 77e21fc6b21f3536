import { IncidentsPage } from '../../src/features/incidents/incidents-page.tsx';

export default function Page() {
  return <IncidentsPage />;
}
