export { browserErrorsHandler } from './browser-errors-handler';
export { browserMetrics, browserVitalsHandler } from './browser-vitals-handler';
export { feedbackHandler } from './feedback-handler';
export type { BrowserIntakeOptions, BrowserRouteOptions } from './receive-json';
