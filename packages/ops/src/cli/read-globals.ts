import { Command } from 'commander';

/** What has to be known before the commands are: those of the configuration come from its file. */
export interface Globals {
  readonly config?: string | undefined;
  readonly json: boolean;
  readonly version: boolean;
}

/** Adds the options that every command has. */
export function addGlobalOptions(program: Command): Command {
  return program
    .option('-c, --config <file>', 'configuration, instead of looking for unite.config.ts here and above')
    .option('--json', 'answer with one JSON document on the standard output');
}

/** Reads them by the same parser as the commands do, and leaves complaints to those. */
export function readGlobals(argv: readonly string[]): Globals {
  const prelude = addGlobalOptions(new Command())
    .option('-V, --version')
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  try {
    prelude.parseOptions([...argv]);
  } catch {
    // `--config` without a file: the command line itself says so.
  }
  const { config, json = false, version = false } = prelude.opts<Partial<Globals>>();
  return { config, json, version };
}
