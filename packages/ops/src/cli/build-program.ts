import { Command } from 'commander';
import { addCommand } from './added-command';
import { addBudgetCommand } from './budget-command';
import { addDeployCommand } from './deploy-command';
import { addDrillCommand } from './drill-command';
import { addLoadCommand } from './load-command';
import { addGlobalOptions } from './read-globals';
import { addRulesCommand } from './rules-command';
import { complainOfConfiguration, type Session } from './session';
import type { TextStream } from './terminal';
import { UsageError } from './usage-error';
import { addVerifyCommand } from './verify-command';

/** What the program prints itself: help and its version. */
export interface ProgramOutput {
  readonly version: string;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
}

/** The command line: its own commands and those of the configuration. It throws where it would exit. */
export function buildProgram(session: Session, { version, stdout, stderr }: ProgramOutput): Command {
  const program = addGlobalOptions(new Command('unite'))
    .description(
      'Verify a set-up, load it, weigh its pages, deploy it, break it on purpose, watch it, and run what packages add in unite.config.ts.',
    )
    .version(version)
    .helpCommand(false)
    // Commands take over what is set here, so it comes before them.
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      // Printed with all other errors.
      outputError: () => {},
    });
  addVerifyCommand(program, session);
  addLoadCommand(program, session);
  addBudgetCommand(program, session);
  addDrillCommand(program, session);
  addRulesCommand(program, session);
  addDeployCommand(program, session);
  for (const added of session.configuration.config.commands ?? []) addCommand(program, added, session);
  addHelpCommand(program, session);
  return program;
}

/** Ours, since the usual one knows no commands of two words. */
function addHelpCommand(program: Command, { configuration, terminal }: Session): void {
  program
    .command('help')
    .description('say what a command does')
    .argument('[command...]')
    .action((names: readonly string[]) => {
      const command = names.reduce<Command | undefined>(
        (found, name) => found?.commands.find((one) => one.name() === name),
        program,
      );
      complainOfConfiguration(configuration, terminal);
      if (!command) throw new UsageError(`there is no command ${names.join(' ')}`);
      command.outputHelp();
    });
}
