export type { BrowserSpansOptions, BrowserSpansTarget } from '../browser/receive-report';
export type { ServerTracing } from '../request/server-span';
export { browserSpansHandler } from './browser-spans-handler';
export { type PageTrace, pageTrace } from './page-trace';
export { type PageRunner, type PageTracingOptions, pageTracing } from './page-tracing';
export { type RouteTracingOptions, withTracing } from './with-tracing';
