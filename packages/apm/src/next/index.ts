export {
  type BrowserIntakeOptions,
  browserErrorsHandler,
  browserMetrics,
  browserVitalsHandler,
  feedbackHandler,
} from '../browser-errors';
export {
  captureRequestError,
  type FailedRequest,
  type FailedRoute,
  type RequestErrorHook,
} from './capture-request-error';
export { type RouteApmOptions, withApm } from './with-apm';
