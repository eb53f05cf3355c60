import type { UniteCommand, Verifier } from '@unite/core';
import { describeValue, expects, optionChecks } from '@unite/shared';
import { checkDrill } from '../drill/check-drill';
import type { Drill } from '../drill/drill-types';
import { timerMs } from '../verify/timer-ms';
import { checkCommand } from './check-command';
import { checkDeployConfig } from './check-deploy-config';
import { checkMembers } from './check-members';
import type { UniteConfig } from './config-types';

const list = expects('a list', (value) => Array.isArray(value));
const drills = expects(
  'a list, or a function that answers one',
  (value) => Array.isArray(value) || typeof value === 'function',
);
const oneWord = expects(
  'one word, and not begin with "-"',
  (value) => typeof value === 'string' && /^[^\s\p{C}-][^\s\p{C}]*$/u.test(value),
);

/** What `unite load` takes of the configuration. The run itself checks the values, with those of the command line. */
const loadOptions = [
  'target',
  'requests',
  'users',
  'thinkMs',
  'durationMs',
  'rampMs',
  'timeoutMs',
  'headers',
  'objectives',
  'seed',
] satisfies readonly (keyof NonNullable<UniteConfig['load']>)[];

/** What `unite budget` takes of the configuration. The run itself checks the values, with those of the command line. */
const budgetOptions = [
  'app',
  'dist',
  'maps',
  'budgets',
  'baseline',
  'graph',
  'measured',
  'tolerancePercent',
] satisfies readonly (keyof NonNullable<UniteConfig['budget']>)[];

/** What `unite rules` takes of the configuration. The run itself checks the values. */
const rulesOptions = ['out', 'runbooks', 'files'] satisfies readonly (keyof NonNullable<
  UniteConfig['rules']
>)[];

/**
 * Checks all of a configuration, so that a mistake is an error at once instead of a surprise in the middle of a run.
 *
 * @param owner what errors begin with: `unite.config.ts`
 * @throws TypeError that names the place and what it got
 */
export function checkConfig(owner: string, config: unknown): asserts config is UniteConfig {
  checkMembers(owner, config, {
    checks: {
      verify: list,
      load: optionChecks.object,
      budget: optionChecks.object,
      drills,
      rules: optionChecks.object,
      deploy: optionChecks.object,
      commands: list,
    },
  });
  const {
    verify = [],
    load = {},
    budget = {},
    drills: given = [],
    rules = {},
    deploy,
    commands = [],
  } = config as UniteConfig;
  for (const [index, verifier] of verify.entries()) checkVerifier(`${owner}: verify[${index}]`, verifier);
  checkMembers(`${owner}: load`, load, {
    checks: Object.fromEntries(loadOptions.map((name) => [name, () => undefined])),
  });
  checkMembers(`${owner}: budget`, budget, {
    checks: Object.fromEntries(budgetOptions.map((name) => [name, () => undefined])),
  });
  if (typeof given !== 'function') checkDrills(`${owner}: drills`, given);
  checkMembers(`${owner}: rules`, rules, {
    checks: Object.fromEntries(rulesOptions.map((name) => [name, () => undefined])),
  });
  if (deploy) checkDeployConfig(`${owner}: deploy`, deploy);
  for (const [index, command] of commands.entries()) checkCommand(`${owner}: commands[${index}]`, command);
  refuseSameNames(`${owner}: verify`, verify);
  refuseSameNames(`${owner}: commands`, commands);
  refuseFamilyNames(`${owner}: commands`, commands);
}

/** @throws TypeError that names the place and what it got */
export function checkDrills(place: string, given: readonly Drill[]): void {
  for (const [index, drill] of given.entries()) checkDrill(`${place}[${index}]`, drill);
  refuseSameNames(place, given);
}

function checkVerifier(place: string, verifier: Verifier): void {
  checkMembers(place, verifier, {
    checks: { name: oneWord, about: optionChecks.string, timeoutMs: timerMs, run: optionChecks.function },
    required: ['name', 'about', 'run'],
  });
}

function refuseSameNames(place: string, named: readonly { readonly name: string }[]): void {
  for (const [index, { name }] of named.entries()) {
    const first = named.findIndex((other) => other.name === name);
    if (first !== index) {
      throw new TypeError(
        `${place}[${index}].name is ${describeValue(name)}, which ${place.split(': ')[1]}[${first}] is called`,
      );
    }
  }
}

/** With `keys rotate`, `keys` stands for the family. */
function refuseFamilyNames(place: string, commands: readonly UniteCommand[]): void {
  const families = new Set(
    commands.map(({ name }) => name.split(' ')).flatMap(([family, member]) => (member ? [family] : [])),
  );
  for (const [index, { name }] of commands.entries()) {
    if (families.has(name)) {
      throw new TypeError(
        `${place}[${index}].name is ${describeValue(name)}, which is a family of other commands`,
      );
    }
  }
}
