// Compiled by `npm run typecheck`, never run: what must be a type error, and what must not.
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import {
  CryptoError,
  type CryptoErrorCode,
  type CryptoFieldMessage,
  type CryptoKeyMessage,
  createVault,
} from '../src';
import { memoryKeyring, postgresKeyStore } from '../src/keys';
import { encryptedDialect } from '../src/kysely';
import { createCookieSessions } from '../src/oauth';
import { encryptedQueries } from '../src/pg';
import { defineRoles, type PermissionOf } from '../src/rbac';

const pool = new pg.Pool();
const vault = createVault({ keys: memoryKeyring(), store: postgresKeyStore(pool) });
// @ts-expect-error keys are required
createVault({});

// A field takes and gives values of its own type, and is stored as text, or as bytes.
const place = { rowId: 7, tenantId: 'acme' };
const email = vault.field('contacts', 'email', { search: 'equality' });
email.encrypt('ada@example.com', place) satisfies Promise<string>;
email.decrypt('stored', place) satisfies Promise<string>;
const scan = vault.field('contacts', 'scan', { type: 'bytes' });
scan.encrypt(new Uint8Array(), place) satisfies Promise<Uint8Array>;
// @ts-expect-error a number is no text
email.encrypt(7, place);
// @ts-expect-error text is no bytes
scan.encrypt('text', place);
// @ts-expect-error the row is part of what is bound
email.encrypt('ada@example.com', { tenantId: 'acme' });
// @ts-expect-error a search that does not exist
vault.field('contacts', 'email', { search: 'prefix' });

// A table knows its columns, and a row keeps what is not encrypted.
const contacts = vault.table('contacts', {
  rowId: 'id',
  tenantId: 'tenant_id',
  columns: { email: { index: 'email_index' }, scan: { type: 'bytes' } },
});
contacts.find('email', 'ada@example.com');
// @ts-expect-error a column that is not declared
contacts.find('mail', 'ada@example.com');
// @ts-expect-error nor can it be asked for as a field
contacts.field('name');
const stored = await contacts.encrypt({ id: 7, email: 'ada@example.com', scan: new Uint8Array() });
stored.id satisfies number;
stored.email satisfies string;
stored.email_index satisfies string | null | undefined;
stored.scan satisfies Uint8Array;
// @ts-expect-error only what has an index gets a column for it
stored.scan_index;
const row = { id: 7, email: 'ada@example.com' };
contacts.decrypt(row) satisfies Promise<typeof row>;
encryptedQueries(pool).find<typeof row>(contacts, { email: 'ada@example.com' }) satisfies Promise<
  (typeof row)[]
>;
new Kysely({ dialect: encryptedDialect(new PostgresDialect({ pool }), [contacts]) });

// Roles know what is declared, and its fields.
const roles = {
  member: { allow: ['read contacts'] },
  owner: { extends: 'member', allow: ['decrypt contacts'] },
} as const;
type Permission = PermissionOf<typeof roles>;
'decrypt contacts.email' satisfies Permission;
// @ts-expect-error nobody declares it
'delete contacts' satisfies Permission;
const { allows, require } = defineRoles({ roles });
allows('owner', 'read contacts.name') satisfies boolean;
// @ts-expect-error nobody declares it
require('owner', 'read invoices');
// @ts-expect-error a permission has an action and a subject
defineRoles({ roles: { member: { allow: ['read'] } } });

// A session is what `parse` makes of it.
const sessions = createCookieSessions({
  secrets: ['a secret of at least thirty-two characters'],
  parse: (value) => ({ id: String(value) }),
});
sessions.read(new Headers()) satisfies { id: string } | undefined;
// @ts-expect-error another session
sessions.start({ name: 'Ada' });

declare const field: CryptoFieldMessage;
field.count satisfies number;
// @ts-expect-error what was told stays so
field.table = 'people';
declare const key: CryptoKeyMessage;
if (key.operation === 'unwrap') key.provider satisfies string;
// @ts-expect-error an operation that does not exist
key.operation === 'wrap';

declare const error: unknown;
if (CryptoError.isInstance(error)) error.code satisfies CryptoErrorCode;
// @ts-expect-error before that nothing is known of it
error.code;
// @ts-expect-error a code that does not exist
new CryptoError('UNITE_CRYPTO_OOPS', 'text');
