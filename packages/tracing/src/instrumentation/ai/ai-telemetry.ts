import type { AttributeValue, Tracer } from '@opentelemetry/api';
import { checkOptions, optionChecks } from '@unite/shared';
import { tracerCheck } from './ai-option-checks';
import type { AiTelemetryOptions } from './ai-types';

/** What the `ai` SDK takes as `experimental_telemetry`. */
export interface AiTelemetry {
  isEnabled: boolean;
  recordInputs: boolean;
  recordOutputs: boolean;
  functionId?: string;
  metadata?: Record<string, AttributeValue>;
  tracer?: Tracer;
}

/**
 * Switches the spans of the `ai` SDK on, without prompts and answers, which it records unless it is told not to. Its
 * spans carry `gen_ai.*` names for model, settings, usage and finish reasons beside its own `ai.*` ones.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * await generateText({ model, prompt, experimental_telemetry: aiTelemetry({ functionId: 'summarise-contact' }) });
 */
export function aiTelemetry(options: AiTelemetryOptions = {}): AiTelemetry {
  checkOptions('aiTelemetry', options, {
    functionId: optionChecks.string,
    metadata: optionChecks.object,
    tracer: tracerCheck,
  });
  const { functionId, metadata, tracer } = options;
  return {
    isEnabled: true,
    recordInputs: false,
    recordOutputs: false,
    ...(functionId !== undefined && { functionId }),
    ...(metadata && { metadata: { ...metadata } }),
    ...(tracer && { tracer }),
  };
}
