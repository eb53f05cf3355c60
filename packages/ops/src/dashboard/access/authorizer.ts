import type { Clock } from '@unite/core';
import { warnOnce } from '@unite/shared';
import type { Authorize, AuthorizeAnswer } from '../dashboard-types';
import type { Viewer } from '../screens/screen-source-types';
import { isLocal } from './is-local';

/** Who is not known by then does not get in. */
const patienceMs = 10_000;

/** Asks for each request who looks. */
export class Authorizer {
  refused = 0;
  failures = 0;
  readonly #authorize: Authorize;
  readonly #clock: Clock;

  constructor(authorize: Authorize | undefined, clock: Clock) {
    this.#authorize = authorize ?? isLocal;
    this.#clock = clock;
  }

  /** @returns `undefined` for whoever may not look */
  async viewer(request: Request, native: unknown): Promise<Viewer | undefined> {
    const viewer = await this.#ask(request, native);
    if (!viewer) this.refused += 1;
    return viewer;
  }

  async #ask(request: Request, native: unknown): Promise<Viewer | undefined> {
    const late = new AbortController();
    try {
      const answer = await Promise.race([
        this.#authorize(request, native),
        this.#clock.sleep(patienceMs, late.signal).then(() => {
          throw new Error(`authorize did not answer within ${patienceMs} ms`);
        }),
      ]);
      return toViewer(answer);
    } catch (error) {
      this.failures += 1;
      warnOnce(
        'UNITE_OPS_DASHBOARD_AUTHORIZE_FAILED',
        `createDashboard: "authorize" failed, and nobody is let in by that: ${error}`,
      );
      return undefined;
    } finally {
      late.abort();
    }
  }
}

function toViewer(answer: AuthorizeAnswer): Viewer | undefined {
  if (answer === true) return { tenantId: undefined, mayAct: true };
  if (answer === false || answer === undefined || answer === null) return undefined;
  const { tenantId, mayAct = false } = Object(answer) as { tenantId?: unknown; mayAct?: unknown };
  if (typeof tenantId !== 'string' || tenantId === '')
    throw new TypeError('it must return true, false or { tenantId } with a text');
  return { tenantId, mayAct: mayAct === true };
}
