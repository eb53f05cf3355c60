import { checkOptions, expects, optionChecks } from '@unite/shared';
import { refuseSameCounters } from './plan/define-plans';
import { nameLimit } from './plan/name-limit';
import type { NamedLimit, Plans } from './plan/plan-types';
import type { QuotaOptions } from './types';

const { object, function: isFunction } = optionChecks;
const name = expects(
  'a string of 1 to 64 letters, digits, ".", "_" and "-"',
  (value) => typeof value === 'string' && /^[\w.-]{1,64}$/.test(value),
);
const plans = expects(
  'what definePlans returns',
  (value) => (value as { byName?: unknown } | null)?.byName instanceof Map,
);
const prices = expects(
  'what definePrices returns',
  (value) => typeof (value as { modelLines?: unknown } | null)?.modelLines === 'function',
);
const store = has('a store, such as redisStore(client)', 'decide', 'settle', 'adjust', 'read', 'install');
const ledger = has('a ledger, such as postgresLedger(pool)', 'append', 'rehydrate', 'totals', 'events');

/** @throws TypeError that names the option and what it got */
export function checkQuotaOptions(options: QuotaOptions): void {
  checkOptions(
    'createQuota',
    options,
    {
      plans,
      store,
      ledger,
      durability: expects('"store" or "ledger"', (value) => value === 'store' || value === 'ledger'),
      prices,
      shared: object,
      termsOf: isFunction,
      namespace: name,
      maxDenials: expects(
        'a whole number from 0 to 16,777,216',
        (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 2 ** 24,
      ),
      upgradeUrl: optionChecks.string,
      context: isFunction,
      clock: object,
    },
    ['plans'],
  );
  if (options.durability === 'ledger' && !options.ledger) {
    throw new TypeError('createQuota: option "durability" is "ledger", and there is no ledger');
  }
}

/** @throws TypeError that names the limit and what it got */
export function readSharedLimits(
  shared: QuotaOptions['shared'] = {},
  plans?: Plans,
): ReadonlyMap<string, readonly NamedLimit[]> {
  const owners = new Map(
    [...(plans?.byName.values() ?? [])].flatMap(({ limits }) =>
      limits.map((limit) => [limit.name, 'the plans']),
    ),
  );
  return new Map(
    Object.entries(shared).map(([scope, limits]) => {
      const owner = `createQuota: shared.${scope}`;
      const wrong = name(scope) ?? object(limits);
      if (wrong) throw new TypeError(`${owner} must be named by ${name('')} and be an object of limits`);
      if (scope === 'tenant') throw new TypeError(`${owner}: a tenant's own limits are those of its plan`);
      const named = Object.entries(limits).map(([limit, given]) => nameLimit(owner, limit, given));
      refuseSameCounters(owner, named);
      for (const limit of named) {
        const other = owners.get(limit.name);
        if (other) throw new TypeError(`${owner}: limit "${limit.name}" is a name that ${other} have`);
        owners.set(limit.name, `limits for ${scope}`);
      }
      return [scope, named];
    }),
  );
}

function has(what: string, ...methods: readonly string[]) {
  return expects(
    what,
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function'),
  );
}
