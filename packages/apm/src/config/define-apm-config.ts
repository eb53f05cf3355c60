import { checkOptions, describeValue, expects, optionChecks } from '@unite/shared';
import type { ApmConfig, ApmConfigOptions, DefineApmConfigOptions } from './config-types';
import { createIgnore } from './create-ignore';

const owner = 'defineApmConfig';

const builtIn = {
  sampling: { traces: 1, sessions: 1, replays: 0, errorReplays: 0 },
  tags: {},
  rules: { ignore: [], slowQueryMs: 500 },
  budget: {},
} as const;

/**
 * What differs between environments, in one place. Each section (`sampling`, `tags`, `rules`, `budget`) is put together
 * field by field: what the environment says, else what `default` says, else the built-in value. A list is one value.
 * Every environment is checked when it is defined, so that a mistake in production's is found on the first start anywhere.
 *
 * @returns a function that gives the frozen configuration of an environment, and throws TypeError for an unknown one
 * @throws TypeError that names the environment and the field
 * @example
 * const configOf = defineApmConfig({
 *   default: { rules: { ignore: [{ type: 'AbortError' }] } },
 *   production: { sampling: { traces: 0.1 }, budget: { errorsPerDay: 10_000 } },
 *   development: {},
 * });
 * const { rules, tags, budget } = configOf(env.environment);
 * export const apm = startApm({ service, tags, budget, ...rules });
 */
export function defineApmConfig<Name extends string>(
  environments: Readonly<Record<Name, ApmConfigOptions>> & { readonly default: ApmConfigOptions },
  options: DefineApmConfigOptions = {},
): (environment: string) => ApmConfig {
  checkOptions(owner, options, {
    whenUnknown: expects("'refuse' or 'default'", (value) => value === 'refuse' || value === 'default'),
  });
  checkOptions(`${owner}: environments`, environments, allObjects(environments), ['default']);
  for (const [name, section] of Object.entries(environments)) checkSections(`${owner}: ${name}`, section);
  const { default: common, ...named } = environments;
  const configs = new Map(
    Object.entries<ApmConfigOptions>(named).map(([name, own]) => [name, merged(name, common, own)]),
  );
  return (environment) => {
    const config = configs.get(environment);
    if (config) return config;
    if (options.whenUnknown === 'default' && typeof environment === 'string') {
      return merged(environment, common, {});
    }
    const known =
      configs.size === 0
        ? `there is none but "default", which holds for all with { whenUnknown: 'default' }`
        : `known are ${[...configs.keys()].join(', ')}`;
    throw new TypeError(`${owner}: no environment is named ${describeValue(environment)}; ${known}`);
  };
}

function allObjects(environments: object): Record<string, typeof optionChecks.object> {
  return Object.fromEntries(
    ['default', ...Object.keys(environments ?? {})].map((name) => [name, optionChecks.object]),
  );
}

const share = expects(
  'a number from 0 to 1',
  (value) => typeof value === 'number' && value >= 0 && value <= 1,
);
const count = expects('a whole number from 1', (value) => Number.isSafeInteger(value) && Number(value) >= 1);
const tag = expects(
  'a text of 1 to 200 characters',
  (value) => typeof value === 'string' && value !== '' && value.length <= 200,
);
const { object, positive } = optionChecks;

function checkSections(name: string, section: ApmConfigOptions): void {
  checkOptions(name, section, { sampling: object, tags: object, rules: object, budget: object });
  const { sampling = {}, tags = {}, rules = {}, budget = {} } = section;
  checkOptions(`${name}.sampling`, sampling, {
    traces: share,
    sessions: share,
    replays: share,
    errorReplays: share,
  });
  checkOptions(`${name}.tags`, tags, Object.fromEntries(Object.keys(tags).map((key) => [key, tag])));
  checkOptions(`${name}.rules`, rules, { ignore: () => undefined, slowQueryMs: positive });
  createIgnore(rules.ignore, `${name}.rules`);
  checkOptions(`${name}.budget`, budget, { pointsPerDay: count, errorsPerDay: count });
}

function merged(environment: string, common: ApmConfigOptions, own: ApmConfigOptions): ApmConfig {
  const rules = { ...builtIn.rules, ...said(common.rules), ...said(own.rules) };
  return Object.freeze({
    environment,
    sampling: Object.freeze({ ...builtIn.sampling, ...said(common.sampling), ...said(own.sampling) }),
    tags: Object.freeze({ ...said(common.tags), ...said(own.tags) }),
    rules: Object.freeze({
      ...rules,
      ignore: Object.freeze(rules.ignore.map((rule) => Object.freeze({ ...rule }))),
    }),
    budget: Object.freeze({ ...said(common.budget), ...said(own.budget) }),
  });
}

/** What is `undefined` is not said. */
function said<Section extends object>(section: Section | undefined): Said<Section> {
  return Object.fromEntries(
    Object.entries(section ?? {}).filter(([, value]) => value !== undefined),
  ) as Said<Section>;
}

type Said<Section> = { readonly [Field in keyof Section]: Exclude<Section[Field], undefined> };
