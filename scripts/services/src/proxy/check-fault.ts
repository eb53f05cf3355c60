import { ServicesError } from '../errors';
import type { Fault, FaultMode } from './proxy-types';

/** Options of each fault besides its mode. */
const optionsOf: Readonly<Record<FaultMode, readonly string[]>> = {
  pass: [],
  delay: ['delayMs'],
  blackhole: [],
  dropReply: ['whenRequest'],
  reset: [],
  refuse: [],
};

/**
 * A fault by its name or with its options, checked.
 *
 * @throws ServicesError `INVALID_OPTION`
 */
export function checkFault(given: Fault | FaultMode): Fault {
  const fault = (typeof given === 'string' ? { mode: given } : given) as Fault;
  if (!Object.hasOwn(optionsOf, fault.mode))
    throw invalid(`"mode" must be one of ${Object.keys(optionsOf).join(', ')}, got ${fault.mode}`);
  const { mode, ...options } = fault;
  const unknown = Object.keys(options).find((name) => !optionsOf[mode].includes(name));
  if (unknown) throw invalid(`"${unknown}" does not belong to mode "${mode}"`);
  if (fault.mode === 'delay' && !(fault.delayMs > 0 && fault.delayMs < 2 ** 31))
    throw invalid(`"delayMs" must be a positive number of milliseconds, got ${fault.delayMs}`);
  if (fault.mode === 'dropReply' && !['undefined', 'function'].includes(typeof fault.whenRequest))
    throw invalid('"whenRequest" must be a function');
  return fault;
}

function invalid(reason: string): ServicesError {
  return new ServicesError('INVALID_OPTION', `FaultProxy.set: option ${reason}`);
}
