import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Stage } from '../deploy/support/stage';
import { unite } from '../support/unite';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** Two environments on one proxy; the one comes after the other. */
function config({ staging = 'good', production = 'good' } = {}): Record<string, string> {
  const environment = (behaviour: string) => `{
    proxy: ${JSON.stringify(stage.proxy)},
    start: {
      command: [process.execPath, ${JSON.stringify(join(__dirname, '../deploy/support/release.mjs'))}],
      env: { BEHAVIOUR: '${behaviour}' },
    },
    canary: { percents: [50], stepMs: 100, minRequests: 10, minSlowdownMs: 10_000 },
    readiness: { intervalMs: 20 },
    watchMs: 100,
    stateDirectory: ${JSON.stringify(stage.stateDirectory)},`;
  return {
    'unite.config.ts': `export default { deploy: { environments: {
      staging: ${environment(staging)} },
      production: ${environment(production)} after: 'staging' },
    } } };`,
  };
}

describe('a deployment', () => {
  test('is the answer, and how it goes stands beside it', async () => {
    const argv = ['deploy', '--env', 'staging', '--release', 'v1', '--initial', '--json'];
    const { exitCode, stdout, stderr } = await unite(argv, { files: config() });
    expect(JSON.parse(stdout)).toMatchObject({
      done: true,
      deployments: [{ environment: 'staging', outcome: 'promoted', release: 'v1', serving: 'blue' }],
      uncaught: [],
    });
    expect(stderr).toMatch(/^staging: start: v1 in blue, 127.0.0.1:\d+\nstaging: readiness: /);
    expect(exitCode).toBe(0);
  });

  test('goes through the environment before', async () => {
    stage.startUsers();
    const { exitCode, stdout } = await unite(['deploy', '--env', 'production', '--release', 'v2'], {
      files: config(),
    });
    expect(stdout).toMatch(
      /^staging\n\nstep [\s\S]+\npromoted: v2 in green [\s\S]+\n\nproduction\n\nstep [\s\S]+\npromoted: v2 in blue /,
    );
    expect(exitCode).toBe(0);
  });

  test('that failed there goes no further, and is 1', async () => {
    const { exitCode, stdout } = await unite(['deploy', '--env', 'production'], {
      files: config({ staging: 'crash' }),
    });
    expect(stdout).toMatch(/^staging\n/);
    expect(stdout).not.toContain('production');
    expect(stdout).toMatch(/\nROLLED BACK: the new release ended by itself \(1\); detected after \d+\.\d s/);
    expect(exitCode).toBe(1);
  });

  test('that is interrupted is rolled back, and is 130', async () => {
    stage.startUsers();
    const { exitCode, stdout } = await unite(['deploy', '--env', 'staging'], {
      files: config(),
      interrupt: { when: 'readiness: ', by: 'SIGINT' },
    });
    expect(stdout).toMatch(/\nROLLED BACK: interrupted by SIGINT/);
    expect(exitCode).toBe(130);
    expect(Object.keys(stage.processes())).toEqual(['blue']);
  });

  test('may be a dry run', async () => {
    const { exitCode, stdout } = await unite(
      ['deploy', '--env', 'production', '--dry-run', '--release', 'v9'],
      {
        files: config(),
      },
    );
    expect(stdout).toBe(
      'staging\n\nv9 would go to green; blue has the users\n\nproduction\n\nv9 would go to green; blue has the users\n',
    );
    expect(exitCode).toBe(0);
  });
});

describe('what is in its way', () => {
  const misuse = async (argv: readonly string[], text?: string) => {
    const files = text === undefined ? {} : { 'unite.config.ts': `export default ${text};` };
    const { exitCode, stderr } = await unite(['deploy', ...argv], { files });
    return `${exitCode} ${stderr}`;
  };
  const somewhere = `proxy: { socket: '/nowhere/admin.sock', backend: 'app' }, start: { command: ['node'] }`;
  const environments = (text: string) => `{ deploy: { environments: { ${text} } } }`;

  test('no configuration, a broken one, or one that says nothing of it', async () => {
    expect(await misuse([])).toMatch(
      /^2 unite: there is no unite\.config\..+; say so in unite\.config\.ts: /,
    );
    expect(await misuse([], '{ deploy: { environments: 5 } }')).toMatch(
      /^2 unite: unite\.config\.ts: deploy\.environments must be an object, got 5/,
    );
    expect(await misuse([], '{}')).toMatch(/^2 unite: deploy to where\? say so in unite\.config\.ts/);
  });

  test.each([
    [
      `'a b': { ${somewhere} }`,
      'deploy.environments: a name must be one word of letters, digits and "-", got "a b"',
    ],
    [
      `a: { ${somewhere}, afer: 'b' }`,
      'deploy.environments.a.afer is unknown; known are proxy, slots, scheme, start',
    ],
    [`a: { ${somewhere}, after: 'b' }`, 'deploy.environments.a.after is "b", which is no environment'],
    [
      `a: { ${somewhere}, after: 'b' }, b: { ${somewhere}, after: 'a' }`,
      'deploy.environments.b.after goes round in a circle',
    ],
  ])('%s', async (text, message) => {
    expect(await misuse([], environments(text))).toContain(`2 unite: unite.config.ts: ${message}`);
  });

  test('an environment that is not said, or unknown; an option that is none', async () => {
    const two = environments(`a: { ${somewhere} }, b: { ${somewhere}, watchMs: -1 }`);
    const which = '2 unite: deploy to which environment? There are a, b: say --env\n';
    expect(await misuse([], two)).toBe(which);
    expect(await misuse(['--env', 'constructor'], two)).toBe(which);
    expect(await misuse(['--env', 'b'], two)).toBe(
      '2 unite: option "watchMs" must be a number of milliseconds from 0 to a day, got -1\n',
    );
  });

  test('a proxy that is not there is 1', async () => {
    const { exitCode, stdout } = await unite(['deploy', '--json'], {
      files: { 'unite.config.ts': `export default ${environments(`a: { ${somewhere} }`)};` },
    });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'UNITE_OPS_PROXY_UNUSABLE' } });
  });
});
