import assert from 'node:assert/strict';
import { createMongoAbility, subject } from '@casl/ability';
import { createVault } from '@unite/crypto';
import { memoryKeyring } from '@unite/crypto/keys';
import { defineRoles } from '@unite/crypto/rbac';

const roles = defineRoles({
  roles: {
    member: { allow: ['read contacts'] },
    admin: { extends: 'member', allow: ['decrypt contacts.email'] },
  },
});
assert(roles.allows('admin', 'read contacts') && !roles.allows('member', 'decrypt contacts.email'));
assert(!roles.allows(undefined, 'read contacts'));
assert(roles.ability('member').can('read', 'contacts'));

// A program's own conditions, by CASL itself.
const own = createMongoAbility([
  ...roles.rules('member'),
  { action: 'read', subject: 'contacts', inverted: true, conditions: { hidden: true } },
]);
assert(own.can('read', subject('contacts', { hidden: false })));
assert(!own.can('read', subject('contacts', { hidden: true })));

let role = 'admin';
const vault = createVault({ keys: memoryKeyring(), mayDecrypt: roles.mayDecrypt(() => role) });
const email = vault.field('contacts', 'email');
const where = { rowId: 7, tenantId: 'acme' };
const stored = await email.encrypt('ada@example.com', where);
assert.equal(await email.decrypt(stored, where), 'ada@example.com');
role = 'member';
await assert.rejects(email.decrypt(stored, where));
console.log('roles, rules with own conditions, who may decrypt');
