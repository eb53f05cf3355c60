import { describeValue } from '@unite/shared';
import { isSlo } from './slo';
import type { Slo } from './slo-types';

/** @throws TypeError for what `slo` did not make, and for two of one name: their numbers would be added up */
export function checkSlos(owner: string, slos: readonly Slo[]): void {
  const none = slos.findIndex((value) => !isSlo(value));
  if (none !== -1) {
    const got = describeValue(slos[none]);
    throw new TypeError(`${owner}: slos[${none}] must be an objective made by slo(), got ${got}`);
  }
  const names = slos.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TypeError(`${owner}: two objectives are called "${twice}"`);
}
