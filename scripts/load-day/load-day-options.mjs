import { parseArgs } from 'node:util';

const usage = `npm run load:day -- [options]

  --app crm|api      only one of both, which run one after the other
  --users 500,1000   virtual users, at 3 to 5 seconds between two requests; several numbers one after the other (1000)
  --duration 120     measured seconds (120)
  --quick            100 users for 40 seconds
  --json             the figures as JSON on stdout, everything else on stderr
  --built            nothing has changed since the last build`;

/**
 * What the command line asks for.
 *
 * @param {readonly string[]} args
 * @throws {Error} with the usage
 */
export function loadDayOptions(args) {
  const { app, users, duration, quick, json, built } = parse(args);
  if (app !== undefined && app !== 'crm' && app !== 'api')
    throw new Error(`--app must be crm or api, got "${app}"\n\n${usage}`);
  return {
    apps: /** @type {readonly ('crm' | 'api')[]} */ (app === undefined ? ['api', 'crm'] : [app]),
    users: (users ?? (quick ? '100' : '1000'))
      .split(',')
      .map((text) => whole('--users', text, { least: 10, most: 20_000 })),
    durationMs: 1_000 * whole('--duration', duration ?? (quick ? '40' : '120'), { least: 30, most: 3_600 }),
    isJson: json,
    isBuilt: built,
  };
}

/** @param {readonly string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        app: { type: 'string' },
        users: { type: 'string' },
        duration: { type: 'string' },
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        built: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

/**
 * @param {string} name
 * @param {string} text
 * @param {{ least: number, most: number }} range
 */
function whole(name, text, { least, most }) {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${name} must be a whole number from ${least} to ${most}, got "${text}"\n\n${usage}`);
}
