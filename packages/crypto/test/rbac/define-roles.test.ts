import { createMongoAbility, subject } from '@casl/ability';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { defineRoles, type PermissionName, type RoleNames } from '../../src/rbac';

const roles = defineRoles({
  roles: {
    owner: { extends: 'manager', allow: ['read ops'] },
    viewer: { allow: ['read contacts'] },
    member: { extends: ['viewer'], allow: ['write contacts', 'decrypt contacts.email'] },
    manager: { extends: 'member', allow: ['write campaigns', 'decrypt contacts'] },
    auditor: { allow: ['decrypt invoices.iban'] },
  },
});

test.each<[RoleNames, Parameters<typeof roles.allows>[1], boolean]>([
  ['viewer', 'read contacts', true],
  ['viewer', 'write contacts', false],
  ['member', 'read contacts', true],
  ['owner', 'read contacts', true],
  ['owner', 'read ops', true],
  ['manager', 'read ops', false],
  ['member', 'decrypt contacts.email', true],
  // The subject is more than one of its fields, and each of its fields less than the subject.
  ['member', 'decrypt contacts', false],
  ['member', 'decrypt contacts.phone', false],
  ['manager', 'decrypt contacts.phone', true],
  ['viewer', 'decrypt contacts.email', false],
  [['viewer', 'auditor'], 'decrypt invoices.iban', true],
  [['viewer', 'auditor'], 'read contacts', true],
  [['viewer', 'auditor'], 'write contacts', false],
  [[], 'read contacts', false],
  [undefined, 'read contacts', false],
])('%j, %s: %s', (role, permission, isAllowed) => {
  expect(roles.allows(role, permission)).toBe(isAllowed);
});

test('names of prototypes, unknown names and what is no text are no roles', () => {
  const strange = [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'OWNER',
    ' owner',
    'owner\0',
    '',
  ];
  for (const role of [...strange, strange, null, 7, {}, { 0: 'owner' }, [['owner']], new Set(['owner'])]) {
    for (const { permission } of roles.table()) {
      expect(roles.allows(role as RoleNames, permission as 'read ops')).toBe(false);
    }
    expect(roles.rules(role as RoleNames)).toEqual([]);
  }
});

test.each([
  'manage all',
  'manage contacts',
  'read all',
  'read',
  'read contacts ',
  'read  contacts',
  '',
  undefined,
])('%j is no permission, of anybody', (permission) => {
  expect(roles.allows('owner', permission as 'read ops')).toBe(false);
});

test('what is required and denied is a problem that names the permission', () => {
  roles.require('owner', 'read ops');
  expect(() => roles.require('viewer', 'read ops')).toThrow(
    expect.objectContaining({
      code: 'UNITE_CRYPTO_FORBIDDEN',
      status: 403,
      digest: 'unite;UNITE_CRYPTO_FORBIDDEN;403',
      message: 'No role of this person allows "read ops"',
      problem: expect.objectContaining({ title: 'Forbidden', extensions: { permission: 'read ops' } }),
    }),
  );
});

test('fields are decrypted by those who may, asked anew each time', () => {
  let role: RoleNames;
  const mayDecrypt = roles.mayDecrypt(() => role);
  const email = { tenantId: 't', table: 'contacts', column: 'email', count: 1 };
  expect(mayDecrypt(email)).toBe(false);
  role = 'member';
  expect(mayDecrypt(email)).toBe(true);
  expect(mayDecrypt({ ...email, column: 'phone' })).toBe(false);
  role = ['member', 'manager'];
  expect(mayDecrypt({ ...email, column: 'phone' })).toBe(true);
  expect(mayDecrypt({ ...email, table: 'secrets' })).toBe(false);
  expect(mayDecrypt({ ...email, table: 'contacts.email', column: 'x y' })).toBe(false);
});

test('the table says who may do what', () => {
  expect(roles.names).toEqual(['owner', 'viewer', 'member', 'manager', 'auditor']);
  expect(roles.table()).toEqual([
    { permission: 'decrypt contacts', roles: ['owner', 'manager'] },
    { permission: 'decrypt contacts.email', roles: ['owner', 'member', 'manager'] },
    { permission: 'decrypt invoices.iban', roles: ['auditor'] },
    { permission: 'read contacts', roles: ['owner', 'viewer', 'member', 'manager'] },
    { permission: 'read ops', roles: ['owner'] },
    { permission: 'write campaigns', roles: ['owner', 'manager'] },
    { permission: 'write contacts', roles: ['owner', 'member', 'manager'] },
  ]);
});

describe('with CASL', () => {
  test('an ability is the caller’s own', () => {
    const ability = roles.ability(['viewer', 'auditor']);
    expect(ability.can('read', 'contacts')).toBe(true);
    expect(ability.can('decrypt', 'invoices', 'iban')).toBe(true);
    ability.update([{ action: 'manage', subject: 'all' }]);
    expect(roles.ability('viewer').can('write', 'contacts')).toBe(false);
    expect(roles.allows('viewer', 'write contacts')).toBe(false);
  });

  test('conditions on own records are added to the rules, and change no role', () => {
    const rules = roles.rules('viewer');
    const ability = createMongoAbility([
      ...rules,
      { action: 'write', subject: 'contacts', conditions: { ownerId: 'ada' } },
    ]);
    expect(ability.can('write', subject('contacts', { ownerId: 'ada' }))).toBe(true);
    expect(ability.can('write', subject('contacts', { ownerId: 'bela' }))).toBe(false);
    Object.assign(rules[0] as object, { action: 'write' });
    expect(roles.ability('viewer').can('write', 'contacts')).toBe(false);
    expect(roles.allows('viewer', 'write contacts')).toBe(false);
  });
});

test.each<[string, object, string]>([
  [
    'a circle',
    { a: { extends: 'b', allow: [] }, b: { extends: 'a', allow: [] } },
    'role "a" extends itself, by a, b',
  ],
  ['itself', { a: { extends: 'a', allow: [] } }, 'role "a" extends itself, by a'],
  ['no role', { a: { extends: 'b', allow: [] } }, 'role "a" extends "b", which is no role'],
  [
    'a prototype',
    { a: { extends: '__proto__', allow: [] } },
    'role "a" extends "__proto__", which is no role',
  ],
  ['no name', { a: { extends: 7, allow: [] } }, 'role "a" must extend a role or a list, got 7'],
  ['a name', { 'a b': { allow: [] } }, 'role "a b" has a name with something else'],
  ['a prototype’s name', JSON.parse('{"__proto__":{"allow":[]}}'), 'role "__proto__" has a name with'],
  ['no list', { a: {} }, 'role "a" must have a list "allow", got undefined'],
  ['nothing', { a: null }, 'role "a" must be an object such as { allow: ["read contacts"] }, got null'],
  [
    'a list',
    { a: ['read contacts'] },
    'role "a" must be an object such as { allow: ["read contacts"] }, got an array',
  ],
  ['another member', { a: { allow: [], deny: [] } }, 'role "a" has an unknown member "deny"'],
  ['everything', { a: { allow: ['manage all'] } }, 'without "manage" and "all", got "manage all"'],
  ['every action', { a: { allow: ['manage contacts'] } }, 'got "manage contacts"'],
  ['every field', { a: { allow: ['decrypt contacts.*'] } }, 'got "decrypt contacts.*"'],
  ['one word', { a: { allow: ['contacts.write'] } }, 'got "contacts.write"'],
  ['a number', { a: { allow: [7] } }, 'got 7'],
])('%s is refused', (_, declarations, message) => {
  expect(() => defineRoles({ roles: declarations as never })).toThrow(TypeError);
  expect(() => defineRoles({ roles: declarations as never })).toThrow(message);
});

test('options are checked', () => {
  expect(() => defineRoles({} as never)).toThrow(
    'defineRoles: option "roles" must be an object, got undefined',
  );
  expect(() => defineRoles({ roles: {}, other: 1 } as never)).toThrow('unknown option "other"');
});

const word = fc.constantFrom(
  'read',
  'write',
  'decrypt',
  'contacts',
  'email',
  'ops',
  'constructor',
  'toString',
);
const permission = fc
  .tuple(word, word, fc.option(word, { nil: undefined }))
  .map(([action, subject, field]) => `${action} ${subject}${field ? `.${field}` : ''}` as PermissionName);
const roleName = fc.constantFrom('a', 'b', 'c', 'd', 'constructor');

test('a role allows what it or one that it extends declares, and nothing else', () => {
  const declarations = fc.dictionary(roleName, fc.array(permission, { maxLength: 4 }), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(declarations, fc.array(roleName, { maxLength: 3 }), permission, (allows, held, asked) => {
      const names = Object.keys(allows);
      // Each extends the one before it, so that there are no circles.
      const { allows: isAllowed } = defineRoles({
        roles: Object.fromEntries(
          names.map((name, at) => [
            name,
            { extends: names.slice(Math.max(0, at - 1), at), allow: allows[name] ?? [] },
          ]),
        ),
      });
      const declared = held.flatMap((name) =>
        names.slice(0, names.indexOf(name) + 1).flatMap((parent) => allows[parent] ?? []),
      );
      const expected = declared.includes(asked) || declared.includes(asked.split('.')[0] as PermissionName);
      expect(isAllowed(held, asked)).toBe(expected);
    }),
    { numRuns: 1_000 },
  );
});

test('types: only what is declared can be asked', () => {
  // @ts-expect-error nobody declares it
  expect(roles.allows('owner', 'delete contacts')).toBe(false);
  // @ts-expect-error neither
  expect(roles.allows('owner', 'write contact')).toBe(false);
  expect(roles.allows('owner', 'write contacts.email')).toBe(true);
});
