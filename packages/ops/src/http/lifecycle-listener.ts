import { checkOptions, optionChecks } from '@unite/shared';
import type { Lifecycle } from '../types';
import type { NodeListener } from './http-types';
import { type GateOptions, openGate } from './open-gate';
import { refuse } from './refuse';

/**
 * Puts the health pages and load shedding before a listener.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const server = createServer(lifecycleListener(lifecycle, listener)).listen(3000);
 * await attachServer(lifecycle, server);
 */
export function lifecycleListener(
  lifecycle: Lifecycle,
  listener: NodeListener,
  options: GateOptions = {},
): NodeListener {
  checkOptions('lifecycleListener', { listener }, { listener: optionChecks.function }, ['listener']);
  const gate = openGate('lifecycleListener', lifecycle, options);
  return (request, response) =>
    gate(request, response, (refusal) => {
      if (refusal) refuse(response, refusal);
      else listener(request, response);
    });
}
