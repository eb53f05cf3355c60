import type { Finding, Verifier } from '@unite/core';
import { optionChecks } from '@unite/shared';
import { failed, passed, skipped } from '../verify/finding';
import { checkBudgetOptions } from './budget-paths';
import type { Breach, BudgetOptions, RouteReport } from './budget-types';
import { checkBudget } from './check-budget';

/** Options of `verifyBudget`. */
export interface VerifyBudgetOptions extends Omit<BudgetOptions, 'updateBaseline'> {
  /** @default 'budget' */
  readonly name?: string | undefined;
}

/**
 * Proves that what pages load first is within `budgets.json`. One finding for each route, budget that watches nothing,
 * and thing that could not be looked at.
 *
 * @throws TypeError for options that are none
 * @example
 * verifyBudget({ app: 'apps/shop' });
 */
export function verifyBudget(options: VerifyBudgetOptions = {}): Verifier {
  const { name = 'budget', ...given } = Object(options) as VerifyBudgetOptions;
  checkBudgetOptions('verifyBudget', given);
  if (optionChecks.string(name))
    throw new TypeError('verifyBudget: option "name" must be a non-empty string');
  return {
    name,
    about: 'what pages load first is within budgets.json',
    // brotli takes its time at its best.
    timeoutMs: 60_000,
    run: async () => {
      const { routes, problems, notes } = await checkBudget(given);
      return [
        ...routes.map(routeFinding),
        ...problems.map((problem) => failed('budgets', problem, 'Correct budgets.json.')),
        ...notes.map((note) => skipped('modules', note)),
      ];
    },
  };
}

function routeFinding({ route, breaches, bytes, modules }: RouteReport): Finding {
  const measured = { rawBytes: bytes.raw, gzipBytes: bytes.gzip, brotliBytes: bytes.brotli };
  if (breaches.length === 0) {
    return passed(route, `loads ${bytes.gzip} bytes of JavaScript first (gzip)`, measured);
  }
  const heaviest = modules.slice(0, 3).map(({ name }) => name);
  const remedy = `Look at ${heaviest.join(', ')}: load it later, or not at all.`;
  return failed(route, breaches.map(explain).join('; '), remedy, measured);
}

const words = { over: 'takes', grown: 'has grown by', measured: 'was transferred with' } as const;

function explain({ kind, encoding, bytes, allowedBytes }: Breach): string {
  return `${words[kind]} ${bytes} bytes (${encoding}), where ${allowedBytes} are allowed`;
}
