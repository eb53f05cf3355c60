import type { Command } from 'commander';
import type { BudgetOptions } from '../budget/budget-types';
import type { UniteConfig } from '../config/config-types';
import { asUsage } from './as-usage';
import { parsePercent, parseWith } from './parse-with';
import { printableText } from './printable';
import { complainOfConfiguration, type Session } from './session';
import { uncaughtErrors } from './uncaught-errors';

/** What `unite budget` was told. */
interface BudgetFlags {
  readonly app?: string;
  readonly dist?: string;
  readonly maps?: string;
  readonly budgets?: string;
  readonly baseline?: string;
  readonly graph?: string;
  readonly measured?: string;
  readonly tolerance?: number;
  readonly updateBaseline?: boolean;
}

/** Adds `unite budget`. */
export function addBudgetCommand(program: Command, session: Session): void {
  program
    .command('budget')
    .description('weigh what pages of a Next.js build load first, and name the modules that are too much')
    .option('--app <folder>', 'the application; here without')
    .option('--dist <folder>', 'its build; .next in the application without')
    .option('--maps <folder>', 'where the source maps of its folder static were moved to')
    .option('--budgets <file>', 'budgets.json in the application without')
    .option('--baseline <file>', 'budget-baseline.json in the application without')
    .option('--graph <file>', 'what `next analyze export` wrote; analyze.jsonl in the build without')
    .option(
      '--measured <file>',
      'what a browser transferred: { "encoding": "gzip", "routes": { "/": 140000 } }',
    )
    .option(
      '--tolerance <percent>',
      'how far that may be from the report; 5 without',
      parseWith(parsePercent),
    )
    .option('--update-baseline', 'write the baseline anew')
    .action(async (flags: BudgetFlags) => {
      session.exitCode = await budget(session, flags);
    });
}

async function budget(session: Session, { tolerance, ...flags }: BudgetFlags): Promise<number> {
  const { terminal } = session;
  const configured = configuredBudget(session, flags.app);
  const given = { ...flags, ...(tolerance !== undefined && { tolerancePercent: tolerance }) };
  const options: BudgetOptions = { ...configured, ...given };
  // Only who has a budget pays for reading maps.
  const { checkBudget } = await import('../budget/check-budget');
  const { formatBudgetReport } = await import('../budget/format-budget-report');
  const report = await asUsage('checkBudget', checkBudget(options));
  const uncaught = await uncaughtErrors(session);
  const kept = report.kept && uncaught.length === 0;
  terminal.print(printableText(formatBudgetReport(report)));
  terminal.printJson({ ...report, kept, uncaught });
  return kept ? 0 : 1;
}

/** An application on the command line needs no configuration, so one that is broken does not stand in its way. */
function configuredBudget(
  { configuration, terminal }: Session,
  app: string | undefined,
): UniteConfig['budget'] {
  const { config, error, isNamed } = configuration;
  const isNeeded = isNamed || (app === undefined && error?.code === 'UNITE_OPS_CONFIG_INVALID');
  if (error && isNeeded) throw error;
  complainOfConfiguration(configuration, terminal);
  // Its paths are of its own application.
  return app === undefined ? config.budget : undefined;
}
