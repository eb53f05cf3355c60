/** Commands that the command line has without a configuration. */
export const builtInCommands: readonly string[] = [
  'verify',
  'load',
  'budget',
  'deploy',
  'drill',
  'rules',
  'help',
];

/** Options that every command has. */
export const globalOptions: readonly string[] = ['--config', '--json', '--version', '--help'];

/** The option as it is typed: `dryRun` → `--dry-run`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
