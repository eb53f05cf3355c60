import { expects, optionChecks } from '@unite/shared';
import type { Lifecycle } from '../types';
import { groupName } from './group-name';

/** What a health page answers with. */
export interface HealthAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is asked for. */
export interface HealthQuestion {
  readonly method: string | undefined;
  /** Below the place where the pages are: `live`, `ready`, `ready/write`, `startup`. */
  readonly page: string;
  /** Value of `x-health-nonce`: given back, so that whoever asks knows that no cache has answered. */
  readonly nonce: string | undefined;
}

/** How the pages answer. */
export interface HealthPageOptions {
  /**
   * Whether readiness shows groups and checks beside the status. Checks of this package say nothing secret.
   *
   * @default true
   */
  readonly details?: boolean | undefined;
  /**
   * Status of readiness while draining. 404 is for HAProxy's `http-check disable-on-404`, which stops sending new
   * requests and does not take the server for broken.
   *
   * @default 503
   */
  readonly drainingStatus?: 404 | 503 | undefined;
}

/** One check for each of {@link HealthPageOptions}. */
export const healthPageChecks = {
  details: optionChecks.boolean,
  drainingStatus: expects('404 or 503', (value) => value === 404 || value === 503),
};

const plainNonce = /^[\w-]{8,64}$/;

/**
 * Answers for the health pages.
 *
 * - `live`: the process answers. Depends on nothing, for a restart cures no dependency; up while it drains, too.
 * - `startup`: `onStart` is through.
 * - `ready`: requests may be sent. `ready/write`: also those that need this group.
 */
export async function healthAnswer(
  lifecycle: Lifecycle,
  { method, page, nonce }: HealthQuestion,
  options: HealthPageOptions = {},
): Promise<HealthAnswer> {
  const headers = {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    ...(nonce !== undefined && plainNonce.test(nonce) && { 'X-Health-Nonce': nonce }),
  };
  if (method !== 'GET' && method !== 'HEAD')
    return { status: 405, headers: { ...headers, Allow: 'GET, HEAD' }, body: '' };
  const { status, document } = await pageOf(lifecycle, page, options);
  return { status, headers, body: method === 'HEAD' ? '' : JSON.stringify(document) };
}

async function pageOf(
  lifecycle: Lifecycle,
  page: string,
  { details = true, drainingStatus = 503 }: HealthPageOptions,
): Promise<{ status: number; document: object }> {
  const [name, group = 'ready', ...rest] = page.split('/');
  if (page === 'live') return { status: 200, document: { status: 'up' } };
  if (page === 'startup') {
    const { state } = lifecycle;
    const isUp = state !== 'starting';
    return { status: isUp ? 200 : 503, document: { state, status: isUp ? 'up' : 'down' } };
  }
  if (name === 'ready' && groupName.test(group) && rest.length === 0) {
    const report = await lifecycle.health(group);
    const answer = report.groups[group];
    if (answer !== undefined) {
      const { state } = report;
      const document = details ? report : { state, status: group === 'ready' ? report.status : answer };
      const isLeaving = state === 'draining' || state === 'closed';
      return { status: answer !== 'down' ? 200 : isLeaving ? drainingStatus : 503, document };
    }
  }
  return {
    status: 404,
    document: { status: 'unknown', detail: 'known are live, startup, ready and ready/<group>' },
  };
}
