import { ApprovalsPage } from '../../src/features/approvals/approvals-page.tsx';

export default ApprovalsPage;
