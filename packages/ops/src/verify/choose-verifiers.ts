import type { Verifier } from '@unite/core';
import { describeValue } from '@unite/shared';

/**
 * Those with these names, in the order of the list; all without names.
 *
 * @throws TypeError that names the unknown ones and those that are known
 */
export function chooseVerifiers(
  verifiers: readonly Verifier[],
  names: readonly string[] = [],
): readonly Verifier[] {
  const known = verifiers.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const asked = unknown.map(describeValue).join(' or ');
    throw new TypeError(`no verifier is called ${asked}; known are ${known.join(', ') || 'none'}`);
  }
  return names.length === 0 ? verifiers : verifiers.filter(({ name }) => names.includes(name));
}
