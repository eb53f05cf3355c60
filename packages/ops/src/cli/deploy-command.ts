import type { Command } from 'commander';
import type { DeployConfig, DeployEnvironment } from '../config/config-types';
import type { DeployOptions, DeployReport } from '../deploy/deploy-types';
import { OpsError } from '../errors';
import { asUsage } from './as-usage';
import { printableText } from './printable';
import type { Session } from './session';
import { uncaughtErrors } from './uncaught-errors';
import { UsageError } from './usage-error';

/** What `unite deploy` was told. */
interface DeployFlags {
  readonly env?: string;
  readonly release?: string;
  readonly initial?: boolean;
  readonly dryRun?: boolean;
}

/** Adds `unite deploy`. */
export function addDeployCommand(program: Command, session: Session): void {
  program
    .command('deploy')
    .description(
      'deploy a release behind HAProxy: blue-green, with a canary that is compared and rolled back',
    )
    .option('--env <name>', 'environment of the configuration; the only one without')
    .option('--release <id>', 'as it is told to the release and shown')
    .option('--initial', 'go on where no slot is up: there is nothing to compare with, nor to go back to')
    .option('--dry-run', 'look at everything and change nothing')
    .action(async (flags: DeployFlags) => {
      session.exitCode = await runDeploy(session, flags);
    });
}

async function runDeploy(session: Session, { env, ...flags }: DeployFlags): Promise<number> {
  const { terminal, signal } = session;
  const environments = inOrder(configuredDeploy(session), env);
  // Only who deploys pays for it.
  const { deploy } = await import('../deploy/deploy');
  const { checkDeployOptions } = await import('../deploy/check-deploy-options');
  const { formatDeployReport } = await import('../deploy/format-deploy-report');
  const planned = environments.map(([name, { after: _, ...options }]) => ({
    name,
    options: {
      ...options,
      ...flags,
      signal,
      onProgress: (text: string) => terminal.note(`${name}: ${text}`),
    },
  }));
  // Before the first one is changed.
  for (const { options } of planned) await asUsage('deploy', check(checkDeployOptions, options));
  const reports: (DeployReport & { readonly environment: string })[] = [];
  for (const { name, options } of planned) {
    const report = await deploy(options);
    reports.push({ environment: name, ...report });
    const above = reports.length > 1 ? '\n' : '';
    terminal.print(printableText(`${above}${name}\n\n${formatDeployReport(report)}`));
    if (!isGood(report)) break;
  }
  const uncaught = await uncaughtErrors(session);
  const done = reports.length === planned.length && reports.every(isGood) && uncaught.length === 0;
  terminal.printJson({ done, deployments: reports, uncaught });
  return done ? 0 : 1;
}

const howTo = 'say so in unite.config.ts: export default defineConfig({ deploy: { environments: { … } } })';

function configuredDeploy({ configuration }: Session): DeployConfig['environments'] {
  const { config, error, isNamed } = configuration;
  if (error?.code === 'UNITE_OPS_CONFIG_NOT_FOUND' && !isNamed) {
    throw new OpsError(error.code, `${error.message}; ${howTo}`, { cause: error });
  }
  if (error) throw error;
  const environments = config.deploy?.environments ?? {};
  if (Object.keys(environments).length === 0) throw new UsageError(`deploy to where? ${howTo}`);
  return environments;
}

/** The wanted environment, and before it those that it comes after. */
function inOrder(
  environments: DeployConfig['environments'],
  wanted: string | undefined,
): readonly (readonly [string, DeployEnvironment])[] {
  const names = Object.keys(environments);
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  const environment = name !== undefined && Object.hasOwn(environments, name) && environments[name];
  if (name === undefined || !environment) {
    throw new UsageError(`deploy to which environment? There are ${names.join(', ')}: say --env`);
  }
  const before = environment.after === undefined ? [] : inOrder(environments, environment.after);
  return [...before, [name, environment]];
}

async function check(checkOptions: (options: DeployOptions) => void, options: DeployOptions): Promise<void> {
  checkOptions(options);
}

function isGood({ outcome }: DeployReport): boolean {
  return outcome === 'promoted' || outcome === 'planned';
}
