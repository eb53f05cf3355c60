import { createDashboard } from '@unite/ops/dashboard';
import { roleAllows } from '../../crm/lib/roles';
import { apm } from './apm';
import { isInternalKey } from './tracing';
import { cache, db, lifecycle, quota, sessions } from './unite';

/** What happens in this process. Our own programs, which know the key, see all of it; owners of the CRM what is theirs. */
export const dashboard = createDashboard({
  authorize({ headers }) {
    if (isInternalKey(headers.get('x-internal-key'))) return true;
    const session = sessions.read(headers);
    return session !== undefined && roleAllows(session.role, 'read ops') && { tenantId: session.tenantId };
  },
  apm,
  cache,
  quota,
  cluster: db,
  lifecycle,
});
