import { checkOptions, describeValue, expects, optionChecks } from '@unite/shared';
import { listName } from './generated-list';
import { isRelativePath } from './is-relative-path';
import type { RulesOptions } from './rules-types';

/** More would be no set of rules. */
const maxFiles = 1_000;

/** @throws TypeError that names the option, or the file, and what it got */
export function checkRulesOptions(options: RulesOptions): void {
  const isSmall = (value: unknown): boolean => Object.keys(value as object).length <= maxFiles;
  checkOptions(
    'generateRules',
    options,
    {
      out: optionChecks.string,
      runbooks: optionChecks.string,
      files: (value) => optionChecks.object(value) ?? expects(`${maxFiles} files at most`, isSmall)(value),
    },
    ['files'],
  );
  for (const [path, make] of Object.entries(options.files)) {
    if (!isRelativePath(path)) {
      throw new TypeError(
        `generateRules: files: a path must be letters, digits, "_", "-" and "." with "/" between, and lead nowhere else, got ${describeValue(path)}`,
      );
    }
    if (path === listName) throw new TypeError(`generateRules: files: ${listName} is the list of all files`);
    if (typeof make !== 'function') {
      throw new TypeError(
        `generateRules: files[${describeValue(path)}] must be a function, got ${describeValue(make)}`,
      );
    }
  }
}
