export type { ServerTracing } from '../request/server-span';
export { type PageTrace, pageTrace } from './page-trace';
export { type RouteTracingOptions, withTracing } from './with-tracing';
