import type { DrillControl } from './drill-control';
import { type DrillPlan, drillList } from './drill-list';
import type { DrillReport } from './drill-types';

/** Why a drill was not done. */
export class DrillError extends Error {
  override readonly name = 'DrillError';
  readonly code: 'off' | 'unknown' | 'running' | 'failed';

  /** By its name: Next.js gives each route its own copy of this class. */
  static isInstance(error: unknown): error is DrillError {
    return error instanceof Error && error.name === 'DrillError';
  }

  constructor(code: DrillError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Breaks a server on purpose, one at a time, for a while. */
export interface Drills {
  list(): DrillReport;
  /** @throws DrillError */
  start(name: string): Promise<void>;
  /** Mends what a drill broke; nothing happens where it does not run. @throws DrillError */
  stop(name: string): Promise<void>;
}

interface Run {
  readonly plan: DrillPlan;
  readonly startedAtMs: number;
  readonly endsAtMs: number;
  readonly count: { readonly requests: number; readonly failed: number; stop(): void };
  readonly timer: NodeJS.Timeout;
}

/** The control mends by itself too: a process that ends in between leaves nothing broken. */
export function createDrills({
  control,
  refusal,
  countRequests,
}: {
  readonly control: DrillControl | undefined;
  /** Why there is no control. */
  readonly refusal: string | undefined;
  readonly countRequests: () => Run['count'];
}): Drills {
  const plans = drillList.filter(({ server }) => control?.servers.includes(server));
  let run: Run | undefined;
  let isStarting = false;

  return {
    list: () => ({
      atMs: Date.now(),
      refusal,
      drills: plans.map(({ name, title, holds, broken }) => {
        const { startedAtMs, endsAtMs, count } = (run?.plan.name === name && run) || idle;
        return { name, title, holds, broken, startedAtMs, endsAtMs, ...figures(count) };
      }),
    }),

    async start(name) {
      const plan = planOf(name);
      if (isStarting || run)
        throw new DrillError('running', `Restore first: ${run?.plan.broken ?? 'another drill begins'}.`);
      isStarting = true;
      const count = countRequests();
      try {
        const startedAtMs = Date.now();
        const endsAtMs = (await tell(plan.server, plan.action)) ?? startedAtMs;
        const timer = setTimeout(end, endsAtMs - Date.now()).unref();
        run = { plan, startedAtMs, endsAtMs, count, timer };
      } catch (error) {
        count.stop();
        throw error;
      } finally {
        isStarting = false;
      }
    },

    async stop(name) {
      const { server } = planOf(name);
      if (run?.plan.name !== name) return;
      await tell(server, 'start');
      end();
    },
  };

  function end(): void {
    clearTimeout(run?.timer);
    run?.count.stop();
    run = undefined;
  }

  function planOf(name: string): DrillPlan {
    if (refusal !== undefined) throw new DrillError('off', refusal);
    const plan = plans.find((each) => each.name === name);
    if (!plan)
      throw new DrillError('unknown', `The drills are: ${plans.map((each) => each.name).join(', ')}.`);
    return plan;
  }

  async function tell(...[server, action]: Parameters<DrillControl['tell']>): Promise<number | undefined> {
    try {
      return await control?.tell(server, action);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DrillError('failed', `${server} did not ${action}: ${reason}`);
    }
  }
}

const idle = { startedAtMs: undefined, endsAtMs: undefined, count: { requests: 0, failed: 0 } };

function figures({ requests, failed }: { readonly requests: number; readonly failed: number }) {
  return { requests, failed };
}
