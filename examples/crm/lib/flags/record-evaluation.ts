import { createEvaluationEvent, type Hook } from '@openfeature/server-sdk';
import { trace } from '@opentelemetry/api';

/**
 * Notes on the span of the request which variant it was served, so that a canary can be judged by its flag.
 *
 * @see OpenTelemetry semantic conventions, "Feature flags": the event `feature_flag.evaluation`
 */
export const recordEvaluation: Hook = {
  finally(hookContext, details) {
    const { name, attributes } = createEvaluationEvent(hookContext, details);
    trace.getActiveSpan()?.addEvent(name, attributes);
  },
};
