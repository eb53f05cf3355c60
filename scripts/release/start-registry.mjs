import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../services/src/plain/free-port.mjs';

const patienceMs = 30_000;

/**
 * A registry on this machine: what is ours it takes and keeps to itself, all else it fetches where npm would.
 *
 * @param {{ directory: string, upstream: string, children: import('../lib/children.mjs').Children, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ url: string, env: NodeJS.ProcessEnv }>} `env` makes npm and pnpm use it
 */
export async function startRegistry({ directory, upstream, children, env }) {
  mkdirSync(directory, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const config = join(directory, 'verdaccio.yaml');
  writeFileSync(
    config,
    `storage: ${join(directory, 'storage')}
uplinks:
  upstream:
    url: ${upstream}
    timeout: 60s
    max_fails: 100
packages:
  '@unite/*':
    access: $all
    publish: $all
    unpublish: $all
  '**':
    access: $all
    proxy: upstream
max_body_size: 50mb
log: { type: stdout, format: pretty, level: error }
`,
  );
  const npmrc = join(directory, 'npmrc');
  // Anybody may publish here, but npm asks nobody who has no token.
  writeFileSync(npmrc, `registry=${url}\n//127.0.0.1:${port}/:_authToken=nobody\n`);
  const binary = join(import.meta.dirname, 'node_modules/verdaccio/bin/verdaccio');
  let output = '';
  const { exited } = children.start(process.execPath, [binary, '--config', config, '--listen', url], {
    cwd: directory,
    env,
    onOutput: (text) => {
      output = (output + text).slice(-4_000);
    },
  });
  let hasEnded = false;
  exited.then(() => {
    hasEnded = true;
  });
  const giveUpAtMs = performance.now() + patienceMs;
  while (!(await answers(url))) {
    if (hasEnded || performance.now() > giveUpAtMs) throw new Error(`The registry did not start:\n${output}`);
    await sleep(100);
  }
  return { url, env: { ...withoutRegistry(env), npm_config_userconfig: npmrc, npm_config_registry: url } };
}

/** @param {string} url */
async function answers(url) {
  return fetch(new URL('-/ping', url)).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** What npm that runs us has put there would win over the file. @param {NodeJS.ProcessEnv} env */
function withoutRegistry(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_config_.*registry/i.test(name)));
}
