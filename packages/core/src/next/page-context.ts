import { checkOptions, optionChecks } from '@unite/shared';
import { currentContext } from '../context/current-context';
import { runWithContext } from '../context/run-with-context';
import { checkIdentity } from '../request/check-identity';
import { type ContextOptions, identityOptionChecks } from '../request/context-options';
import { requestIdFrom, requestIdHeader } from '../request/request-id';
import type { UniteContext } from '../types';
import { nextRoute } from './next-route';
import { templateOf } from './route-template';
import type { IncomingHeaders } from './with-context';

/** {@link ContextOptions} and where a page's headers come from. */
export interface PageContextOptions extends Omit<ContextOptions<IncomingHeaders>, 'timeoutMs' | 'clock'> {
  /** `headers` of `next/headers`. */
  readonly headers: () => Promise<{ entries(): Iterable<[string, string]> }>;
}

/** Runs `work` with the context of the request being rendered. */
export type PageRunner = <Result>(work: () => Result | Promise<Result>) => Promise<Result>;

/**
 * The context for what no route handler wraps: pages, layouts, metadata and server actions. React renders
 * the components below after their parent has returned, so each runs its own work inside the context;
 * all of one request share one record.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * export const page = pageContext({ headers, identify: readSession });
 * // app/contacts/page.tsx
 * const contacts = await page(() => listContacts(query));
 */
export function pageContext(options: PageContextOptions): PageRunner {
  checkOptions('pageContext', options, { ...identityOptionChecks, headers: optionChecks.function }, [
    'headers',
  ]);
  const { headers, identify, acceptRequestId = true, release } = options;
  const contexts = new WeakMap<object, Promise<UniteContext>>();

  return async (work) => {
    if (currentContext()) return await work();
    const incoming = await headers();
    const context = contexts.get(incoming) ?? createPageContext(incoming);
    contexts.set(incoming, context);
    return await runWithContext(await context, work);
  };

  async function createPageContext(incoming: {
    entries(): Iterable<[string, string]>;
  }): Promise<UniteContext> {
    const received = new Headers([...incoming.entries()]);
    const route = await nextRoute();
    return {
      requestId: requestIdFrom(received.get(requestIdHeader), acceptRequestId),
      ...checkIdentity('pageContext', await identify?.({ headers: received })),
      route: route && `GET ${templateOf(route)}`,
      release,
      state: new Map(),
    };
  }
}
