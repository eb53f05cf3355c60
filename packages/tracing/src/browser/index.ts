export type * from './report-types';
export {
  type BrowserTracing,
  type BrowserTracingOptions,
  startBrowserTracing,
} from './start-browser-tracing';
