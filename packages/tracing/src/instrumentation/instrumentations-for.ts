import type { Instrumentation } from '@opentelemetry/instrumentation';
import type { InstrumentationName } from '../types';
import { createInstrumentations } from './create-instrumentations';

/**
 * Instrumentations by name, for a set-up that is not ours; `startTracing` needs none of it. They patch what is loaded
 * afterwards, start spans only inside a trace, and record neither parameters nor literals.
 *
 * @example
 * const sdk = new NodeSDK({ instrumentations: instrumentationsFor(['undici', 'pg', 'redis', 'unite']) });
 *
 * @throws TypeError where a name is unknown
 */
export function instrumentationsFor(names: readonly InstrumentationName[]): readonly Instrumentation[] {
  return createInstrumentations(names).instrumentations;
}
