import type { CommandArgument, CommandOption, UniteCommand } from '@unite/core';
import { describeValue, expects, optionChecks } from '@unite/shared';
import { checkMembers } from './check-members';
import { builtInCommands, flagOf, globalOptions } from './command-names';

const words = expects(
  'one or two words of lower-case letters, digits and "-"',
  (value) => typeof value === 'string' && /^[a-z][a-z\d-]*( [a-z][a-z\d-]*)?$/.test(value),
);
const type = expects('"string", "number" or "boolean"', (value) =>
  ['string', 'number', 'boolean'].includes(value as string),
);
const argumentName = expects(
  'letters, digits and "-"',
  (value) => typeof value === 'string' && /^[a-z][a-z\d-]*$/i.test(value),
);
/** `--no-color` is the way to say that `color` is not wanted. */
const optionName = /^(?!no(-|[A-Z]|$))[a-z][a-zA-Z\d]*(-[a-z\d]+)*$/;

/** @throws TypeError that names the place and what it got */
export function checkCommand(place: string, command: UniteCommand): void {
  checkMembers(place, command, {
    checks: {
      name: words,
      about: optionChecks.string,
      arguments: expects('a list', (value) => Array.isArray(value)),
      options: optionChecks.object,
      run: optionChecks.function,
    },
    required: ['name', 'about', 'run'],
  });
  const [first = ''] = command.name.split(' ');
  if (builtInCommands.includes(first)) {
    throw new TypeError(
      `${place}.name is ${describeValue(command.name)}, and "${first}" is a command of unite`,
    );
  }
  checkArguments(`${place}.arguments`, command.arguments ?? []);
  checkOptionNames(`${place}.options`, Object.keys(command.options ?? {}));
  for (const [name, option] of Object.entries(command.options ?? {})) {
    checkOption(`${place}.options.${name}`, option);
  }
}

function checkArguments(place: string, declared: readonly CommandArgument[]): void {
  for (const [index, argument] of declared.entries()) {
    const here = `${place}[${index}]`;
    checkMembers(here, argument, {
      checks: { name: argumentName, about: optionChecks.string, required: optionChecks.boolean },
      required: ['name', 'about'],
    });
    const before = declared.slice(0, index);
    if (before.some(({ name }) => name === argument.name)) {
      throw new TypeError(
        `${here}.name is ${describeValue(argument.name)}, which another argument is called`,
      );
    }
    // Nobody could give it without the one before.
    if (argument.required !== false && before.some(({ required }) => required === false)) {
      throw new TypeError(`${here} is required, and one before it is not`);
    }
  }
}

function checkOptionNames(place: string, names: readonly string[]): void {
  const flags = new Map<string, string>();
  for (const name of names) {
    if (!optionName.test(name)) {
      throw new TypeError(
        `${place}: a name must be letters and digits, such as dryRun or dry-run, without "no" in front; got ${describeValue(name)}`,
      );
    }
    const flag = flagOf(name);
    if (globalOptions.includes(flag))
      throw new TypeError(`${place}.${name}: ${flag} is an option of every command`);
    const other = flags.get(flag);
    if (other !== undefined) throw new TypeError(`${place}.${name} and ${other} are both ${flag}`);
    flags.set(flag, name);
  }
}

function checkOption(place: string, option: CommandOption): void {
  checkMembers(place, option, {
    checks: { type, about: optionChecks.string, default: () => undefined },
    required: ['type', 'about'],
  });
  if (option.default !== undefined && typeof option.default !== option.type) {
    throw new TypeError(`${place}.default must be a ${option.type}, got ${describeValue(option.default)}`);
  }
}
