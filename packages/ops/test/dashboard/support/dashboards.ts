import {
  createDashboard,
  type Dashboard,
  type DashboardOptions,
  type ScreenName,
  type Snapshot,
} from '../../../src/dashboard';
import { closeServers } from '../../support/local-server';

const open = new Set<Dashboard>();

/** One that `closeDashboards` ends. */
export function dashboardOf(options: DashboardOptions = {}): Dashboard {
  const dashboard = createDashboard({ environment: 'test', ...options });
  open.add(dashboard);
  return dashboard;
}

/** For `afterEach`. */
export async function closeDashboards(): Promise<void> {
  closeServers();
  for (const dashboard of open) await dashboard.close();
  open.clear();
}

/** Asks without a server, as Next.js does. */
export function askDirectly(dashboard: Dashboard, path: string, init?: RequestInit): Promise<Response> {
  return dashboard.handle(new Request(`http://localhost/ops${path}`, init), { basePath: '/ops' });
}

/** What a screen is told. */
export async function dataOf<Name extends ScreenName>(
  dashboard: Dashboard,
  screen: Name,
): Promise<Snapshot<Name>['data']> {
  const answer = await askDirectly(dashboard, `/api/${screen}`);
  return ((await answer.json()) as Snapshot<Name>).data;
}
