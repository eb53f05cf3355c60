import { checkOptions, expects, optionChecks } from '@unite/shared';
import type { DashboardOptions } from './dashboard-types';

const count = (most: number) =>
  expects(
    `a whole number from 1 to ${most.toLocaleString('en')}`,
    (value) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= most,
  );

/** Something that can be asked for what is read of it. */
function having(...methods: readonly string[]) {
  return expects(`an object with ${methods.map((method) => `${method}()`).join(', ')}`, (value) =>
    methods.every((method) => typeof (Object(value) as Record<string, unknown>)[method] === 'function'),
  );
}

const checks = {
  authorize: optionChecks.function,
  home: expects('an href such as "/" and a label', (value) => {
    const { href, label } = Object(value) as Record<string, unknown>;
    return typeof href === 'string' && /^\/(?![/\\])/.test(href) && typeof label === 'string';
  }),
  service: expects('an object with a name', (value) => typeof Object(value).name === 'string'),
  environment: optionChecks.string,
  traces: having('trace', 'traces'),
  apm: having('slos'),
  errors: having('events', 'deployments'),
  cache: having('stats', 'invalidateTags'),
  quota: having('statistics', 'usage'),
  cluster: having('status'),
  lifecycle: having('health', 'healthNow'),
  verify: expects(
    'a list of at most 50 verifiers',
    (value) => Array.isArray(value) && value.length <= 50 && value.every((one) => 'run' in Object(one)),
  ),
  drills: having('list', 'start', 'stop'),
  actions: optionChecks.boolean,
  nonce: optionChecks.function,
  maxViewers: count(10_000),
  requestsKept: count(10_000),
  clock: optionChecks.object,
};

/** @throws TypeError for an option that is unknown or malformed, and in production without `authorize` */
export function checkDashboardOptions(options: DashboardOptions, isProduction: boolean): void {
  checkOptions('createDashboard', options, checks);
  if (isProduction && options.authorize === undefined)
    throw new TypeError(
      'createDashboard: option "authorize" is needed in production: anybody could look otherwise',
    );
}
