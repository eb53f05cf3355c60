import { existsSync, readFileSync } from 'node:fs';
import { parseArgs, parseEnv } from 'node:util';

/** The screens that people see most. `/contacts/[id]` is the first contact. */
const usual = ['/', '/contacts', '/contacts/[id]', '/campaigns', '/usage', '/errors'];
const started = new URL('../../../../.unite/app.env', import.meta.url);
const maxRuns = 25;

/**
 * @param {string[]} args
 * @throws {Error} that names the option and what is expected
 */
export function optionsOf(args) {
  const { values } = parseArgs({
    args,
    options: {
      url: { type: 'string', default: startedUrl() },
      routes: { type: 'string', default: usual.join(',') },
      runs: { type: 'string', default: '5' },
      form: { type: 'string', default: 'both' },
      json: { type: 'boolean', default: false },
    },
  });
  const { url, form, json: isJson } = values;
  const routes = values.routes.split(',');
  const runs = Number(values.runs);
  if (!URL.canParse(url) || !['http:', 'https:'].includes(new URL(url).protocol)) {
    throw new Error(`--url must be an address of http or https, got ${url}`);
  }
  if (!routes.every((route) => route.startsWith('/'))) {
    throw new Error(`--routes must be paths that begin with /, comma separated, got ${values.routes}`);
  }
  if (!Number.isInteger(runs) || runs < 1 || runs > maxRuns) {
    throw new Error(`--runs must be a whole number from 1 to ${maxRuns}, got ${values.runs}`);
  }
  if (!['desktop', 'mobile', 'both'].includes(form)) {
    throw new Error(`--form must be desktop, mobile or both, got ${form}`);
  }
  return { url, routes, runs, forms: form === 'both' ? ['desktop', 'mobile'] : [form], isJson };
}

/** Where `npm start` serves, if it runs. */
function startedUrl() {
  const env = existsSync(started) ? parseEnv(readFileSync(started, 'utf8')) : {};
  return env.PUBLIC_URL ?? 'http://127.0.0.1:3000';
}
