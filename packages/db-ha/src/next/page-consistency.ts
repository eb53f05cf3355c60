import type { Consistency } from '../consistency/types';
import { type CookieStore, keepCookie, type ReadonlyCookieStore } from './cookie-store';

/** Runs `work` with the context of a request, as `pageContext` of `@unite/core/next` does. */
export type PageRunner = <Result>(work: () => Result | Promise<Result>) => Promise<Result>;

/** Options of {@link pageConsistency} and, with a store that can be written, of {@link actionConsistency}. */
export interface PageConsistencyOptions<Store extends ReadonlyCookieStore = ReadonlyCookieStore> {
  /** What `pageContext` returned. */
  readonly page: PageRunner;
  /** `cookies` of `next/headers`. */
  readonly cookies: () => Promise<Store>;
}

/**
 * Pages, layouts and metadata read what their client wrote before. They cannot tell what they write:
 * Next.js lets no cookie be set while it renders.
 *
 * @example
 * export const page = pageConsistency(consistency, { page: pageContext({ headers }), cookies });
 * // app/contacts/page.tsx
 * const contacts = await page(() => listContacts());
 */
export function pageConsistency(consistency: Consistency, options: PageConsistencyOptions): PageRunner {
  const { page, cookies } = options;
  // Next's own cookies, not the header: a page that is rendered after a server action, in the same request,
  // finds the action's token nowhere else.
  return (work) =>
    page(async () => {
      consistency.receive({ cookies: await cookies() });
      return await work();
    });
}

/**
 * Server actions read what their client wrote before, and tell it what they wrote, also where they end by
 * throwing `redirect()`.
 *
 * @example
 * export const action = actionConsistency(consistency, { page: pageContext({ headers }), cookies });
 * // app/contacts/actions.ts
 * export const rename = async (form: FormData) => action(() => contacts.rename(inputOf(form)));
 */
export function actionConsistency(
  consistency: Consistency,
  options: PageConsistencyOptions<CookieStore>,
): PageRunner {
  const { page, cookies } = options;
  return (work) =>
    page(async () => {
      const reply = consistency.receive({ cookies: await cookies() });
      let result: Awaited<ReturnType<typeof work>>;
      try {
        result = await work();
      } catch (error) {
        // What the action threw matters more than a cookie that cannot be set.
        await keepCookie(reply, cookies).catch(() => undefined);
        throw error;
      }
      await keepCookie(reply, cookies);
      return result;
    });
}
