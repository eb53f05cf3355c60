import { startChild } from '../lib/start-child.mjs';
import { openRequests } from './requests.mjs';

/** Who stands for what, in the order of the tables. */
export const roles = {
  bare: 'limit',
  'bare-again': 'limit',
  unite: 'ours',
  assembled: 'peer',
  'unite-without-tracing': 'ours',
  'assembled-without-tracing': 'peer',
};

/**
 * Each in a process of its own, in Node's production mode, on the same servers, sending to the same receiver.
 *
 * @param {readonly string[]} names
 */
export async function startContestants(names, { services, receiver, ...options }) {
  const apps = {};
  for (const name of names) apps[name] = await startApp(name, { services, receiver, ...options });
  return apps;
}

export async function startApp(name, { services, receiver, ...options }) {
  const base = `127.0.0.1:${receiver.port}/${name}`;
  const env = {
    ...services.env,
    NODE_ENV: 'production',
    // Of OpenTelemetry's five seconds; ours exports once a second unless it is told otherwise.
    OTEL_BSP_SCHEDULE_DELAY: '1000',
    TRACES_URL: `http://${base}/v1/traces`,
    SENTRY_DSN: `http://${'a'.repeat(32)}@${base}/1`,
  };
  const child = await startChild(new URL('app.cjs', import.meta.url), [name], env, options);
  return { ...child, requests: openRequests(child) };
}
