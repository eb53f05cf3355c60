import type { Clock } from '@unite/core';
import type { Collectors } from '../collect/collectors';
import type { DashboardOptions } from '../dashboard-types';
import type { ServiceLike } from '../source-types';
import type { TenantUsages } from './tenant-usages';
import type { VerifierRuns } from './verifier-runs';

/** What screens are made of. */
export interface ScreenSources {
  readonly options: DashboardOptions;
  readonly service: ServiceLike;
  readonly environment: string | undefined;
  /** Whether anybody may act; of each viewer `Viewer` says it. */
  readonly hasActions: boolean;
  readonly collectors: Collectors;
  readonly usages: TenantUsages;
  readonly verifiers: VerifierRuns;
  readonly clock: Clock;
}

/** Who looks. */
export interface Viewer {
  /** Sees what belongs to this tenant alone. */
  readonly tenantId: string | undefined;
  readonly mayAct: boolean;
}
