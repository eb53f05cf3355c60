import type { BudgetReport, CostRow, ErrorEvent, RouteReport, SloReport } from '@unite/apm';
import { apm, events } from '../apm';
import { requirePermission } from '../current-session';

/** What the screen of errors and objectives shows, as this process knows it. */
export interface ApmReport {
  readonly slos: readonly SloReport[];
  /** The busiest first. */
  readonly routes: readonly (RouteReport & { readonly costNanoUsd: bigint })[];
  /** Of the workspace, and of none, the newest first. */
  readonly errors: readonly ErrorEvent[];
  readonly integrity: ReturnType<typeof apm.integrity>;
  readonly budget: BudgetReport;
}

/** @throws ProblemError `sign-in-required` or `forbidden` */
export function readApmReport(): ApmReport {
  const { tenantId } = requirePermission('read ops');
  const { rows } = apm.costs();
  const routes = apm
    .routes()
    .map((route) => ({ ...route, costNanoUsd: costOf(rows, route.route, tenantId) }))
    .toSorted((one, other) => other.requests - one.requests);
  return {
    slos: apm.slos(),
    routes,
    errors: events.events().filter((event) => isShown(event, tenantId)),
    integrity: apm.integrity(),
    budget: apm.budget(),
  };
}

/** One error; of another workspace, or forgotten, there is none. */
export function readError(id: string): ErrorEvent | undefined {
  const { tenantId } = requirePermission('read ops');
  const event = events.event(id);
  return event && isShown(event, tenantId) ? event : undefined;
}

/** What belongs to nobody, such as a job's error, is shown to whoever looks after the application. */
function isShown(event: ErrorEvent, tenantId: string): boolean {
  return event.tenantId === undefined || event.tenantId === tenantId;
}

function costOf(rows: readonly CostRow[], route: string, tenantId: string): bigint {
  return rows
    .filter((row) => row.route === route && row.tenantId === tenantId)
    .reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n);
}
