import type { Command } from 'commander';
import { checkDrills } from '../config/check-config';
import { errorLine } from '../describe-error';
import type { Drill } from '../drill/drill-types';
import type { DrillProgress, Scorecard } from '../drill/scorecard-types';
import { OpsError } from '../errors';
import { asUsage } from './as-usage';
import { printableLine, printableText } from './printable';
import type { Session } from './session';
import { uncaughtErrors } from './uncaught-errors';
import { UsageError } from './usage-error';

interface DrillFlags {
  readonly list?: boolean | undefined;
  readonly report?: string | undefined;
}

/** What was broken is mended before the command ends: servers have to start again for that. */
const graceMs = 300_000;

/** Adds `unite drill`. */
export function addDrillCommand(program: Command, session: Session): void {
  program
    .command('drill')
    .description('break this machine’s set-up on purpose, measure what holds, and mend it')
    .argument('[names...]', 'which drills; all without any')
    .option('--list', 'say what would be broken, and run nothing')
    .option('--report <file>', 'write the scorecard as Markdown, too')
    .action(async (names: readonly string[], flags: DrillFlags) => {
      session.exitCode = await drill(session, names, flags);
    });
}

async function drill(session: Session, names: readonly string[], flags: DrillFlags): Promise<number> {
  const { terminal, signal, patience } = session;
  const drills = await configuredDrills(session);
  // Only who drills pays for the probe's client.
  const { chooseDrills } = await import('../drill/choose-drills');
  const chosen = await asUsage(
    'runDrills',
    Promise.resolve().then(() => chooseDrills(drills, names)),
  );
  if (flags.list) {
    list(session, chosen);
    return 0;
  }
  const { runDrills } = await import('../drill/run-drills');
  const { formatScorecard } = await import('../drill/format-scorecard');
  const { prepareReport } = await import('../drill/write-scorecard');
  // A folder that cannot be written is told before anything is broken.
  const writeReport = flags.report === undefined ? undefined : await prepareReport(flags.report);
  patience.graceMs = Math.max(patience.graceMs, graceMs);
  const card = await runDrills({ drills: chosen, signal, onProgress: (progress) => say(session, progress) });
  await writeReport?.(card);
  const uncaught = await uncaughtErrors(session);
  const passed = card.passed && uncaught.length === 0;
  terminal.print(printableText(formatScorecard(card)));
  terminal.printJson({ ...card, passed, uncaught } satisfies Scorecard & { readonly uncaught: unknown });
  return passed ? 0 : 1;
}

const howTo = 'list drills in unite.config.ts: export default defineConfig({ drills: [ … ] })';

async function configuredDrills({ configuration }: Session): Promise<readonly Drill[]> {
  const { config, error, isNamed } = configuration;
  if (error?.code === 'UNITE_OPS_CONFIG_NOT_FOUND' && !isNamed) {
    throw new OpsError(error.code, `${error.message}; ${howTo}`, { cause: error });
  }
  if (error) throw error;
  const { drills = [] } = config;
  const made = typeof drills === 'function' ? await madeDrills(drills) : drills;
  if (made.length === 0) throw new UsageError(`there is nothing to drill; ${howTo}`);
  return made;
}

/** @throws OpsError `UNITE_OPS_CONFIG_INVALID` */
async function madeDrills(
  make: () => readonly Drill[] | Promise<readonly Drill[]>,
): Promise<readonly Drill[]> {
  try {
    const made = await make();
    if (!Array.isArray(made)) throw new TypeError('unite.config: drills must answer a list');
    checkDrills('unite.config: drills', made);
    return made;
  } catch (error) {
    throw new OpsError('UNITE_OPS_CONFIG_INVALID', errorLine(error), { cause: error });
  }
}

function list({ terminal }: Session, drills: readonly Drill[]): void {
  const width = Math.max(...drills.map(({ name }) => name.length));
  terminal.print(
    drills.map(({ name, about }) => `${name.padEnd(width)}  ${printableLine(about)}`).join('\n'),
  );
  terminal.printJson({ drills: drills.map(({ name, about }) => ({ name, about })) });
}

function say({ terminal }: Session, { drill: name, text, isAlarm }: DrillProgress): void {
  if (isAlarm) terminal.complain(printableLine(`${name}: ${text}`));
  else terminal.note(`${name}: ${text}`);
}
