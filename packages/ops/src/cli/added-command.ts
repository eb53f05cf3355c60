import type { CommandOption, CommandResult, UniteCommand } from '@unite/core';
import { describeValue } from '@unite/shared';
import { type Command, Option } from 'commander';
import { flagOf } from '../config/command-names';
import { parseNumber, parseWith } from './parse-with';
import { printableText } from './printable';
import type { Session } from './session';

/** Adds a command of the configuration: `keys rotate` goes into the family `keys`. */
export function addCommand(program: Command, added: UniteCommand, session: Session): void {
  const [first = '', second] = added.name.split(' ');
  const parent = second === undefined ? program : familyOf(program, first, session);
  const command = parent.command(second ?? first).description(added.about);
  for (const { name, about, required = true } of added.arguments ?? []) {
    command.argument(required ? `<${name}>` : `[${name}]`, about);
  }
  const declared = Object.entries(added.options ?? {});
  for (const [name, option] of declared) {
    for (const one of declareOption(name, option)) command.addOption(one);
  }
  command.action(async () => {
    const given = command.opts<Record<string, string | number | boolean | undefined>>();
    const result = await added.run({
      options: Object.fromEntries(declared.map(([name, option]) => [name, optionValue(given, name, option)])),
      arguments: Object.fromEntries(
        (added.arguments ?? []).map(({ name }, index) => [name, command.args[index]]),
      ),
      signal: session.signal,
      json: session.terminal.json,
      note: (text) => session.terminal.note(String(text)),
    });
    session.exitCode = printResult(added.name, result, session);
  });
}

function familyOf(program: Command, name: string, { configuration }: Session): Command {
  const known = program.commands.find((command) => command.name() === name);
  if (known) return known;
  const members = (configuration.config.commands ?? []).map((command) => command.name.split(' '));
  const names = members.filter(([family]) => family === name).map(([, member]) => member);
  return program.command(name).description(names.join(', ')).helpCommand(false);
}

function declareOption(name: string, { type, about, default: preset }: CommandOption): readonly Option[] {
  const flag = flagOf(name);
  if (type === 'boolean') {
    const option = new Option(flag, about).default(preset);
    // Else nobody could turn it off.
    return preset === true ? [option, new Option(flag.replace('--', '--no-'), `not ${flag}`)] : [option];
  }
  const option = new Option(`${flag} <${type}>`, about).default(preset);
  return [type === 'number' ? option.argParser(parseWith(parseNumber)) : option];
}

function optionValue(
  given: Readonly<Record<string, string | number | boolean | undefined>>,
  name: string,
  { type }: CommandOption,
): string | number | boolean | undefined {
  const key = new Option(flagOf(name)).attributeName();
  if (Object.hasOwn(given, key)) return given[key];
  return type === 'boolean' ? false : undefined;
}

/** @throws TypeError where it is no result */
function printResult(name: string, result: unknown, { terminal }: Session): 0 | 1 {
  if (result !== undefined && (typeof result !== 'object' || result === null)) {
    throw new TypeError(`${name} answered ${describeValue(result)}, which is no result of a command`);
  }
  const { text, data, exitCode = 0 } = (result ?? {}) as CommandResult;
  if (exitCode !== 0 && exitCode !== 1) {
    throw new TypeError(`${name} answered the exit code ${describeValue(exitCode)}; it must be 0 or 1`);
  }
  if (text !== undefined) terminal.print(printableText(String(text)));
  terminal.printJson(data ?? null);
  return exitCode;
}
