export { dashboardPolicy } from './answer/responses';
export { createDashboard } from './create-dashboard';
export type {
  Authorize,
  AuthorizeAnswer,
  Dashboard,
  DashboardCounts,
  DashboardOptions,
  DashboardPlace,
  DrillControl,
} from './dashboard-types';
export type * from './screen-types';
export type * from './source-types';
