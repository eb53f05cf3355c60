import { type Failure, type FailureName, failureKinds, requestFor } from './failure-kinds';
import { problemFlaw } from './problem-flaw';

/** One route of the application, with what an ordinary request to it needs. */
export interface CoverageRoute {
  readonly method: string;
  /** A real path, parameters filled in: `/api/contacts/1`. */
  readonly path: string;
  /** Body of an ordinary request, sent as JSON. */
  readonly body?: unknown;
  /** Headers of every request, such as the session's cookie. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Options of {@link checkProblemCoverage}. */
export interface CoverageOptions {
  /** Sends a request to the application: `fetch`, or its handler. */
  readonly request: (request: Request) => Response | Promise<Response>;
  readonly routes: readonly CoverageRoute[];
  /** Names of built-in failures, and your own. @default every built-in one */
  readonly failures?: readonly (FailureName | Failure)[];
  /** Origin of the requests. @default 'http://localhost' */
  readonly origin?: string;
  /** Size of a body that is too large. @default 8_388_608 */
  readonly oversizedBytes?: number;
}

/** One answer that is no problem document, or has the wrong status. */
export interface CoverageFinding {
  /** `POST /api/contacts` */
  readonly route: string;
  /** Name of the failure. */
  readonly failure: string;
  /** Absent when there was no answer at all. */
  readonly status?: number;
  /** What is wrong, in words. */
  readonly flaw: string;
}

/**
 * Makes every route fail in every way and finds the answers ≥400 that are no problem document: the 404 of the
 * router, the 405 of the framework, the 400 of the body parser, the 500 of nobody.
 *
 * @returns nothing where every failure is answered as it should be
 * @throws TypeError when there is no route, or when no request was ever refused: nothing was checked then
 * @example
 * expect(await checkProblemCoverage({ request: fetch, origin, routes })).toEqual([]);
 */
export async function checkProblemCoverage(options: CoverageOptions): Promise<CoverageFinding[]> {
  const { request, routes, origin = 'http://localhost', oversizedBytes = 8_388_608 } = options;
  const failures = (options.failures ?? Object.values(failureKinds)).map(failureOf);
  const findings: CoverageFinding[] = [];
  let refused = 0;
  for (const route of routes) for (const failure of failures) await check(route, failure);
  if (refused === 0)
    throw new TypeError('checkProblemCoverage: no request was refused, so nothing was checked');
  return findings;

  async function check(route: CoverageRoute, failure: Failure): Promise<void> {
    const failing = failure.request(route, { origin, routes, oversizedBytes });
    if (!failing) return;
    const restore = await failure.arrange?.(route);
    const about = { route: `${failing.method} ${route.path}`, failure: failure.name };
    try {
      const response = await request(failing);
      if (response.status >= 400) refused++;
      const flaw = await flawOf(response, failure);
      if (flaw) findings.push({ ...about, status: response.status, flaw });
    } catch (error) {
      findings.push({ ...about, flaw: `no answer: ${String(error)}` });
    } finally {
      await restore?.();
    }
  }
}

async function flawOf(response: Response, { statuses }: Failure): Promise<string | undefined> {
  if (statuses && !statuses.includes(response.status)) {
    await response.body?.cancel();
    return `status is ${response.status}, not ${statuses.join(' or ')}`;
  }
  if (response.status >= 400) return problemFlaw(response);
  await response.body?.cancel();
  return undefined;
}

function failureOf(failure: FailureName | Failure): Failure {
  if (typeof failure !== 'string') return failure;
  const known = Object.hasOwn(failureKinds, failure) ? failureKinds[failure] : undefined;
  if (!known) throw new TypeError(`checkProblemCoverage: unknown failure ${JSON.stringify(failure)}`);
  return known;
}

/**
 * A failure of your own: the route's ordinary request, while something behind it is broken.
 *
 * @param arrange breaks it and returns the way back
 * @example
 * failures: ['unknown-path', brokenWhile('database-down', () => { cluster.fail(); return () => cluster.heal(); })]
 */
export function brokenWhile(
  name: string,
  arrange: NonNullable<Failure['arrange']>,
  statuses?: readonly number[],
): Failure {
  return {
    name,
    arrange,
    request: (route, { origin }) => requestFor(route, origin),
    ...(statuses && { statuses }),
  };
}
