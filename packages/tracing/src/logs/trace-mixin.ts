import { traceFields } from './trace-fields';

/**
 * The `mixin` of a pino logger: each line says which trace, span, request and tenant it belongs to.
 *
 * @example
 * const logger = pino({ mixin: traceMixin() });
 */
export function traceMixin(): () => Record<string, string> {
  return () => traceFields();
}
