import type { Tracer } from '@opentelemetry/api';
import {
  InstrumentationBase,
  type InstrumentationConfig,
  InstrumentationNodeModuleDefinition,
} from '@opentelemetry/instrumentation';
import { readField } from './read-field';
import { aiScope } from './trace-ai-client';
import { traceMethod } from './trace-method';
import { tracedMethods } from './traced-methods';

/**
 * Traces every client of `openai` (version 4 and later) and `@anthropic-ai/sdk`, as `traceAiClient` does: the classes
 * of their resources are patched when the package is loaded, by `require` or, with the loader hook of
 * `@opentelemetry/instrumentation`, by `import`. A client that is given to `traceAiClient` too still has one span a
 * call, by the options given there.
 *
 * @example
 * startTracing({ service, instrument: ['ai'] });
 * new NodeSDK({ instrumentations: [new AiInstrumentation()] });
 */
export class AiInstrumentation extends InstrumentationBase {
  constructor(config: InstrumentationConfig = {}) {
    super(aiScope, '1', config);
  }

  protected override init(): InstrumentationNodeModuleDefinition[] {
    const tracer = () => this.tracer;
    return [
      clientModule('openai', 'OpenAI', '>=4', tracer),
      clientModule('@anthropic-ai/sdk', 'Anthropic', '>=0.20', tracer),
    ];
  }
}

function clientModule(
  name: string,
  className: string,
  versions: string,
  tracer: () => Tracer,
): InstrumentationNodeModuleDefinition {
  // One entry for each method and copy of the package: ES modules and CommonJS are two.
  const undos = new Set<() => void>();
  return new InstrumentationNodeModuleDefinition(
    name,
    [versions],
    (exports: unknown) => {
      const client = readField(exports, className) ?? readField(exports, 'default');
      for (const { classPath, operation, provider } of tracedMethods) {
        const resource = classPath.reduce(readField, client);
        const undo = traceMethod(readField(resource, 'prototype'), { operation, provider, tracer });
        if (undo) undos.add(undo);
      }
      return exports;
    },
    () => {
      for (const undo of undos) undo();
      undos.clear();
    },
  );
}
