import { describeValue } from '@unite/shared';
import type { Dashboard } from './dashboard-types';

/** @throws TypeError for what is no dashboard: without this, the first viewer would find out */
export function checkDashboard(owner: string, dashboard: Dashboard): void {
  if (typeof dashboard?.handle !== 'function')
    throw new TypeError(
      `${owner}: dashboard must be what createDashboard returned, got ${describeValue(dashboard)}`,
    );
}
