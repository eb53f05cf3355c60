import { RouteTable } from '../collect/route-table';
import type { RequestsScreen } from '../screen-types';
import type { ScreenSources, Viewer } from './screen-source-types';

/** What just happened, and was it slow? Of a tenant's viewer everything is made of the tenant's own rows. */
export function readRequests({ collectors }: ScreenSources, { tenantId }: Viewer): RequestsScreen {
  const { ring, routes, tenants } = collectors.requests;
  const rows = ring.rows(tenantId);
  if (tenantId === undefined) return { rows, total: ring.total, kept: ring.kept, routes: routes.rows() };
  const own = new RouteTable();
  for (const { method, route, status, durationMs } of rows)
    own.record(`${method} ${route}`, status >= 500, durationMs);
  return { rows, total: tenants.get(tenantId) ?? 0, kept: ring.kept, routes: own.rows() };
}
