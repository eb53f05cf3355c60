import { describeValue, expects, type OptionCheck, optionChecks } from '@unite/shared';
import { checkMembers } from './check-members';
import type { DeployConfig, DeployEnvironment } from './config-types';

const given: OptionCheck = () => undefined;
const environmentName = expects(
  'one word of letters, digits and "-"',
  (value) => typeof value === 'string' && /^[a-z\d][a-z\d-]{0,40}$/i.test(value),
);

/** What `unite deploy` takes of an environment. The deployment itself checks the values. */
const members = {
  proxy: optionChecks.object,
  slots: given,
  scheme: given,
  start: given,
  release: given,
  initial: given,
  readiness: given,
  gate: given,
  canary: given,
  watchMs: given,
  drainMs: given,
  stopMs: given,
  stateDirectory: given,
  after: optionChecks.string,
} satisfies Record<keyof DeployEnvironment, OptionCheck>;

/** @throws TypeError that names the place and what it got */
export function checkDeployConfig(place: string, config: DeployConfig): void {
  checkMembers(place, config, {
    checks: { environments: optionChecks.object },
    required: ['environments'],
  });
  const { environments } = config;
  for (const [name, environment] of Object.entries(environments)) {
    const demand = environmentName(name);
    if (demand)
      throw new TypeError(`${place}.environments: a name must be ${demand}, got ${describeValue(name)}`);
    checkMembers(`${place}.environments.${name}`, environment, {
      checks: members,
      required: ['proxy', 'start'],
    });
  }
  for (const name of Object.keys(environments)) checkOrder(`${place}.environments`, environments, name);
}

/** What comes before must be known, and not come after. */
function checkOrder(place: string, environments: DeployConfig['environments'], name: string): void {
  const seen = [name];
  for (let after = environments[name]?.after; after !== undefined; after = environments[after]?.after) {
    const before = seen.at(-1);
    if (!Object.hasOwn(environments, after)) {
      throw new TypeError(`${place}.${before}.after is ${describeValue(after)}, which is no environment`);
    }
    if (seen.includes(after)) throw new TypeError(`${place}.${before}.after goes round in a circle`);
    seen.push(after);
  }
}
