import { describe, expect, test } from '@jest/globals';
import type { CommandOption, UniteCommand, Verifier } from '@unite/core';
import { defineConfig, type UniteConfig } from '../../src/config';

const verifier: Verifier = { name: 'one', about: 'proves it', run: async () => [] };
const command: UniteCommand = { name: 'keys rotate', about: 'rotates them', run: async () => undefined };
const text: CommandOption = { type: 'string', about: 'some text' };

test('what is right comes back as it was given', () => {
  const config: UniteConfig = {
    verify: [verifier, { ...verifier, name: 'two', timeoutMs: 5 }],
    load: { target: 'http://127.0.0.1', users: 3 },
    commands: [command, { ...command, name: 'keys', options: undefined } as UniteCommand].slice(0, 1),
  };
  expect(defineConfig(config)).toBe(config);
});

test('a function is not called', () => {
  const later = () => {
    throw new Error('too early');
  };
  expect(defineConfig(later)).toBe(later);
});

test('an instance of a class may have members of its own', () => {
  class Prover implements Verifier {
    readonly name = 'prover';
    readonly about = 'proves it';
    readonly target = 'its own business';
    async run() {
      return [];
    }
  }
  expect(() => defineConfig({ verify: [new Prover()] })).not.toThrow();
});

function withCommand(change: Record<string, unknown>): unknown {
  return { commands: [{ ...command, ...change }] };
}

describe('what is wrong is named by its place', () => {
  test.each<[unknown, string]>([
    [undefined, 'defineConfig must be an object, got undefined'],
    [[], 'defineConfig must be an object, got an array'],
    [
      { verfy: [] },
      'defineConfig: verfy is unknown; known are verify, load, budget, drills, rules, deploy, commands',
    ],
    [{ verify: {} }, 'defineConfig: verify must be a list, got an object'],
    [{ verify: [5] }, 'defineConfig: verify[0] must be an object, got 5'],
    [
      { verify: [{ ...verifier, abuot: '' }] },
      'defineConfig: verify[0].abuot is unknown; known are name, about, timeoutMs, run',
    ],
    [
      { verify: [{ ...verifier, name: 'two words' }] },
      'defineConfig: verify[0].name must be one word, and not begin with "-", got "two words"',
    ],
    [
      { verify: [{ ...verifier, name: '--list' }] },
      'defineConfig: verify[0].name must be one word, and not begin with "-", got "--list"',
    ],
    [
      { verify: [{ ...verifier, timeoutMs: 2 ** 31 }] },
      'defineConfig: verify[0].timeoutMs must be a number of milliseconds above 0, at most 2,147,483,647, got 2147483648',
    ],
    [{ verify: [verifier, verifier] }, 'defineConfig: verify[1].name is "one", which verify[0] is called'],
    [
      { load: { usres: 5 } },
      'defineConfig: load.usres is unknown; known are target, requests, users, thinkMs, durationMs, rampMs, timeoutMs, headers, objectives, seed',
    ],
    [
      withCommand({ name: 'Keys' }),
      'defineConfig: commands[0].name must be one or two words of lower-case letters, digits and "-", got "Keys"',
    ],
    [
      withCommand({ name: 'a b c' }),
      'defineConfig: commands[0].name must be one or two words of lower-case letters, digits and "-", got "a b c"',
    ],
    [
      withCommand({ name: 'verify' }),
      'defineConfig: commands[0].name is "verify", and "verify" is a command of unite',
    ],
    [
      withCommand({ name: 'load test' }),
      'defineConfig: commands[0].name is "load test", and "load" is a command of unite',
    ],
    [withCommand({ run: undefined }), 'defineConfig: commands[0].run must be a function, got undefined'],
    [
      { commands: [command, command] },
      'defineConfig: commands[1].name is "keys rotate", which commands[0] is called',
    ],
    [
      { commands: [command, { ...command, name: 'keys' }] },
      'defineConfig: commands[1].name is "keys", which is a family of other commands',
    ],
    [withCommand({ arguments: {} }), 'defineConfig: commands[0].arguments must be a list, got an object'],
    [
      withCommand({ arguments: [{ name: 'a b', about: 'x' }] }),
      'defineConfig: commands[0].arguments[0].name must be letters, digits and "-", got "a b"',
    ],
    [
      withCommand({
        arguments: [
          { name: 'a', about: 'x' },
          { name: 'a', about: 'x' },
        ],
      }),
      'defineConfig: commands[0].arguments[1].name is "a", which another argument is called',
    ],
    [
      withCommand({
        arguments: [
          { name: 'a', about: 'x', required: false },
          { name: 'b', about: 'x' },
        ],
      }),
      'defineConfig: commands[0].arguments[1] is required, and one before it is not',
    ],
    [withCommand({ options: [] }), 'defineConfig: commands[0].options must be an object, got an array'],
    [
      withCommand({ options: { json: text } }),
      'defineConfig: commands[0].options.json: --json is an option of every command',
    ],
    [
      withCommand({ options: { 'no-color': text } }),
      'defineConfig: commands[0].options: a name must be letters and digits, such as dryRun or dry-run, without "no" in front; got "no-color"',
    ],
    [
      withCommand({ options: { dryRun: text, 'dry-run': text } }),
      'defineConfig: commands[0].options.dry-run and dryRun are both --dry-run',
    ],
    [
      withCommand({ options: { n: { type: 'int', about: 'x' } } }),
      'defineConfig: commands[0].options.n.type must be "string", "number" or "boolean", got "int"',
    ],
    [
      withCommand({ options: { n: { type: 'number', about: 'x', default: '5' } } }),
      'defineConfig: commands[0].options.n.default must be a number, got "5"',
    ],
  ])('%#: %j', (config, message) => {
    expect(() => defineConfig(config as UniteConfig)).toThrow(new TypeError(message));
  });

  test.each(['node', 'note', 'dryRun', 'dry-run', 'n', 'constructor'])(
    'an option may be called %s',
    (name) => {
      expect(() => defineConfig(withCommand({ options: { [name]: text } }) as UniteConfig)).not.toThrow();
    },
  );
});
