export type { CookieStore, ReadonlyCookieStore } from './cookie-store';
export {
  actionConsistency,
  type PageConsistencyOptions,
  type PageRunner,
  pageConsistency,
} from './page-consistency';
export { type WithConsistencyOptions, withConsistency } from './with-consistency';
