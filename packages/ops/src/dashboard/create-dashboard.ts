import { backgroundClock, warnOnce } from '@unite/shared';
import { Authorizer } from './access/authorizer';
import { answerRequest } from './answer/answer-request';
import { respondProblem } from './answer/responses';
import { checkDashboardOptions } from './check-dashboard-options';
import { Collectors } from './collect/collectors';
import type { Dashboard, DashboardCounts, DashboardOptions, DashboardPlace } from './dashboard-types';
import type { ScreenSources } from './screens/screen-source-types';
import { TenantUsages } from './screens/tenant-usages';
import { VerifierRuns } from './screens/verifier-runs';
import { FrameStream } from './stream/frame-stream';

const closedToStrangers =
  'Whoever made this dashboard has to let you in: see the option "authorize". Without it, and outside of production, it answers requests from this machine alone, where the socket is known.';

/**
 * Makes the dashboard of this process: what happens in it, without a collector, an account or a database. Counts from
 * now on; a timer runs only while somebody watches. `dashboardMiddleware` and `dashboardRoute` mount it.
 *
 * @throws TypeError for an option that is unknown or malformed, and in production without `authorize`
 * @example
 * const dashboard = createDashboard({ authorize: (request) => isOperator(request), apm, traces, cluster: db });
 * app.use('/ops', dashboardMiddleware(dashboard));
 */
export function createDashboard(options: DashboardOptions = {}): Dashboard {
  const service = options.service ?? options.apm?.service ?? { name: 'app' };
  const environment = options.environment ?? service.environment ?? process.env.NODE_ENV;
  const isProduction = environment === 'production' || process.env.NODE_ENV === 'production';
  checkDashboardOptions(options, isProduction);
  const { clock = backgroundClock, maxViewers = 100, requestsKept = 500 } = options;

  const collectors = new Collectors(clock, requestsKept);
  const sources: ScreenSources = {
    options,
    service,
    environment,
    hasActions: options.actions ?? environment === 'development',
    collectors,
    usages: new TenantUsages(options.quota, collectors.quota.tenants, clock),
    verifiers: new VerifierRuns(options.verify ?? [], clock),
    clock,
  };
  const authorizer = new Authorizer(options.authorize, clock);
  const stream = new FrameStream(sources, authorizer, maxViewers);

  return { handle, counts, close, [Symbol.asyncDispose]: close };

  async function handle(request: Request, place: DashboardPlace): Promise<Response> {
    try {
      collectors.requests.exclude(place.native, place.basePath);
      const viewer = await authorizer.viewer(request, place.native);
      if (!viewer) return respondProblem(request, 403, 'Not for you', closedToStrangers);
      const response = await answerRequest(request, place, viewer, sources, stream);
      return request.method === 'HEAD' ? new Response(null, response) : response;
    } catch (error) {
      warnOnce('UNITE_OPS_DASHBOARD_FAILED', `createDashboard: a page could not be made: ${error}`);
      const detail = 'A source of this page failed; the process has warned of it.';
      return respondProblem(request, 500, 'Could not be made', detail);
    }
  }

  function counts(): DashboardCounts {
    return {
      refused: authorizer.refused,
      authorizeFailures: authorizer.failures,
      viewers: stream.viewers,
      dropped: stream.dropped,
    };
  }

  async function close(): Promise<void> {
    stream.close();
    sources.verifiers.close();
    collectors.close();
  }
}
