import type { Command } from 'commander';
import { OpsError } from '../errors';
import type { RulesOptions } from '../rules/rules-types';
import { asUsage } from './as-usage';
import { printableText } from './printable';
import type { Session } from './session';
import { uncaughtErrors } from './uncaught-errors';
import { UsageError } from './usage-error';

/** Adds `unite rules`. */
export function addRulesCommand(program: Command, session: Session): void {
  program
    .command('rules')
    .description('write alert rules, dashboards and monitors, and look that every alert has its runbook')
    .option('--check', 'write nothing, and fail where something is not as it would be written')
    .action(async ({ check = false }: { readonly check?: boolean }) => {
      session.exitCode = await rules(session, check);
    });
}

async function rules(session: Session, check: boolean): Promise<number> {
  const { terminal, signal } = session;
  const options = configuredRules(session);
  // Only who has rules pays for the parser.
  const { generateRules } = await import('../rules/generate-rules');
  const { formatRulesReport } = await import('../rules/format-rules-report');
  const report = await asUsage('generateRules', generateRules({ ...options, check, signal }));
  const uncaught = await uncaughtErrors(session);
  const passed = report.passed && uncaught.length === 0;
  terminal.print(printableText(formatRulesReport(report)));
  terminal.printJson({ ...report, passed, uncaught });
  return passed ? 0 : 1;
}

const howTo = 'say in unite.config.ts: export default defineConfig({ rules: { files: { … } } })';

/** @throws OpsError of the configuration; UsageError where it has no rules */
function configuredRules({ configuration: { config, error, isNamed } }: Session): RulesOptions {
  if (error?.code === 'UNITE_OPS_CONFIG_NOT_FOUND' && !isNamed) {
    throw new OpsError(error.code, `${error.message}; ${howTo}`, { cause: error });
  }
  if (error) throw error;
  if (config.rules?.files) return config.rules;
  throw new UsageError(`there are no rules; ${howTo}`);
}
