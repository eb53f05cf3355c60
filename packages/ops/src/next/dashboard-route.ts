import type { RouteHandler } from '@unite/core';
import { checkOptions, expects } from '@unite/shared';
import { checkDashboard } from '../dashboard/check-dashboard';
import type { Dashboard } from '../dashboard/dashboard-types';

/** Options of `dashboardRoute`. */
export interface DashboardRouteOptions {
  /** Where the route is, with the `basePath` of Next.js in front: `/ops`. */
  readonly basePath: string;
}

const checks = {
  basePath: expects(
    'a path such as "/ops"',
    (value) => typeof value === 'string' && /^(\/[\w.~-]+)+$/.test(value),
  ),
};

/**
 * Mounts a dashboard as an optional catch-all route. Next.js tells no socket: the dashboard needs `authorize`. Link to it
 * with `<a>`, not with `next/link`.
 *
 * @throws TypeError for an option that is missing or malformed
 * @example
 * // app/ops/[[...path]]/route.ts
 * export const dynamic = 'force-dynamic';
 * export const { GET, POST } = dashboardRoute(dashboard, { basePath: '/ops' });
 */
export function dashboardRoute(
  dashboard: Dashboard,
  options: DashboardRouteOptions,
): { readonly GET: RouteHandler; readonly POST: RouteHandler } {
  checkDashboard('dashboardRoute', dashboard);
  checkOptions('dashboardRoute', options, checks, ['basePath']);
  const { basePath } = options;
  const handle: RouteHandler = (request) => dashboard.handle(request, { basePath });
  return { GET: handle, POST: handle };
}
