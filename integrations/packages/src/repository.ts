import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the monorepo. */
export const repository = join(__dirname, '../../..');

/** A JSON file of the monorepo. */
export function readJson<Value>(...path: string[]): Value {
  return JSON.parse(readFileSync(join(repository, ...path), 'utf8')) as Value;
}
