import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { redisCommandText } from '../../src/instrumentation/redis-command-text';

test.each([
  ['GET', ['session:ada'], 'GET session:*'],
  ['get', [Buffer.from('{crm}:contact:1')], 'get crm:*'],
  ['SET', ['crm/contact', 'secret'], 'SET crm:*'],
  ['DEL', [['a:1', 'a:2']], 'DEL a:*'],
  ['GET', ['ada@example.com'], 'GET *'],
  ['GET', ['4711:x'], 'GET *'],
  ['GET', [], 'GET'],
  ['GET', [7], 'GET'],
  ['EVALSHA', ['f00', '1', 'quota:acme', 'secret'], 'EVALSHA quota:*'],
  ['EVAL', ['return 1', 0, 'secret:x'], 'EVAL'],
  ['AUTH', ['user:x', 'secret'], 'AUTH'],
  ['CONFIG', ['SET', 'requirepass', 'secret'], 'CONFIG'],
  ['constructor', ['secret:x'], 'constructor'],
])('%s %j is told as %s', (command, args, text) => {
  expect(redisCommandText(command, args as unknown[])).toBe(text);
});

test('tells of arguments nothing but the first part of a key', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('get', 'SET', 'hset', 'EVALSHA', 'AUTH', 'PUBLISH', 'XADD'),
      fc.array(fc.oneof(fc.string(), fc.integer(), fc.uint8Array().map(Buffer.from))),
      (command, args) => {
        expect(redisCommandText(command, args).slice(command.length)).toMatch(/^(| \*| [a-z_-]{1,32}:\*)$/i);
      },
    ),
  );
});
