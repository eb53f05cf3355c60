import { fetchWithin } from './fetch-within.mjs';

/** Longer than the application lets anything take, in milliseconds. */
const timeoutMs = 20_000;

/**
 * A request to the application, as the owner of a demo workspace unless a cookie says otherwise.
 *
 * @param {string} origin
 * @param {string} path
 * @param {{ method?: string, json?: unknown, workspace?: string, cookie?: string, headers?: Record<string, string> }} [options]
 */
export async function ask(
  origin,
  path,
  { method = 'GET', json, workspace = 'meridian', cookie, headers } = {},
) {
  const options = {
    method,
    headers: {
      ...(cookie ? { cookie } : { 'x-demo-workspace': workspace }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  };
  const answer = await fetchWithin(new URL(path, origin), options, timeoutMs);
  return { ...answer, json: parsed(answer.text) };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
