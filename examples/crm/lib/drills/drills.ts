import { once } from '@unite/core/once';
import { apm } from '../apm';
import { requirePermission } from '../current-session';
import { env } from '../env';
import { problems } from '../unite';
import { countRequests } from './count-requests';
import { createDrills, DrillError, type Drills } from './create-drills';
import { drillControl } from './drill-control';
import type { DrillReport } from './drill-types';

const refusal = refusalOf();

/** What may be broken on purpose: in a demo on this machine, whose servers `npm start` has brought up. */
export const drills: Drills = once('crm.drills', () =>
  createDrills({
    control: env.drillControl && refusal === undefined ? drillControl(env.drillControl) : undefined,
    refusal,
    countRequests: () => countRequests(() => apm.integrity().errors.captured.request),
  }),
);

/**
 * What may be broken, and what is; or why nothing may be.
 *
 * @throws ProblemError `sign-in-required` or `forbidden`
 */
export function listDrills(): DrillReport {
  requirePermission('read ops');
  return drills.list();
}

/**
 * Starts or stops a drill, and gives how all of them stand then.
 *
 * @throws ProblemError as {@link listDrills}, `drills-off`, `drill-not-found`, `drill-running` or `drill-failed`
 */
export async function changeDrill(name: string, action: 'start' | 'stop'): Promise<DrillReport> {
  requirePermission('read ops');
  try {
    await drills[action](name);
  } catch (error) {
    if (DrillError.isInstance(error)) throw problems.error(problemOf[error.code], { detail: error.message });
    throw error;
  }
  return drills.list();
}

const problemOf = {
  off: 'drills-off',
  unknown: 'drill-not-found',
  running: 'drill-running',
  failed: 'drill-failed',
} as const;

function refusalOf(): string | undefined {
  if (!env.isDemo) return 'Nothing is broken on purpose where the data is real.';
  if (!env.drillControl) return 'Nobody could mend these servers: `npm start` has not started them.';
  const { hostname } = new URL(env.drillControl.url);
  return hostname === '127.0.0.1' ? undefined : 'Only servers of this machine are broken on purpose.';
}
