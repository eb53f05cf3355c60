import { join, resolve } from 'node:path';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import type { BudgetOptions } from './budget-types';

/** @throws TypeError that names the option and what it got */
export function checkBudgetOptions(owner: string, options: unknown): void {
  const path = optionChecks.string;
  checkOptions(owner, options, {
    app: path,
    dist: path,
    maps: path,
    budgets: path,
    baseline: path,
    graph: path,
    measured: path,
    tolerancePercent: expects(
      'a number from 0 to 100',
      (value) => typeof value === 'number' && value >= 0 && value <= 100,
    ),
    updateBaseline: optionChecks.boolean,
  });
}

/** Absolute, with those that were not given. */
export function budgetPaths(options: BudgetOptions) {
  const app = resolve(options.app ?? '.');
  const dist = resolve(options.dist ?? join(app, '.next'));
  return {
    app,
    dist,
    maps: options.maps === undefined ? undefined : resolve(options.maps),
    budgets: resolve(options.budgets ?? join(app, 'budgets.json')),
    baseline: resolve(options.baseline ?? join(app, 'budget-baseline.json')),
    graph: resolve(options.graph ?? join(dist, 'analyze.jsonl')),
    measured: options.measured === undefined ? undefined : resolve(options.measured),
  };
}
