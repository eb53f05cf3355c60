import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { type CycloneDxAsset, type CycloneDxDocument, cryptoInventory } from '../../src/inventory';
import { type KeyProvider, memoryKeyring, type RootKey } from '../../src/keys';
import type { FieldStatus, VaultStatus } from '../../src/types';

const email: FieldStatus = {
  table: 'contacts',
  column: 'email',
  type: 'text',
  indexBits: 128,
  plaintextUntilMs: Date.UTC(2027, 2, 31),
};
const notes: FieldStatus = {
  table: 'contacts',
  column: 'notes',
  type: 'json',
  indexBits: undefined,
  plaintextUntilMs: undefined,
};

const isValid = compiledSchema();

function vault(name: string, provider: string, ...fields: readonly FieldStatus[]) {
  return { status: () => ({ name, provider, fields }) as VaultStatus };
}

/** A class, as hosted providers are: its methods need their object. */
class Hosted {
  readonly name = 'aws-kms';
  readonly algorithm = 'AES-256-GCM';
  readonly #keys: readonly RootKey[] = [
    { id: 'arn:1', state: 'primary', createdAtMs: Date.UTC(2026, 10, 1) },
    { id: 'arn:0', state: 'disabled' },
    { id: 'arn:gone', state: 'destroyed' },
  ];

  async rootKeys() {
    return this.#keys;
  }
}

const everything = {
  vaults: [vault('crm', 'memory', notes, email), vault('billing', 'aws-kms', notes)],
  keys: [
    memoryKeyring({
      keys: { old: new Uint8Array(32).fill(7), new: new Uint8Array(32).fill(9) },
      clock: manualClock(0),
    }),
    new Hosted(),
  ],
  tls: [
    { name: 'application to PostgreSQL', protocol: 'TLSv1.3', cipherSuite: 'TLS_AES_256_GCM_SHA384' },
    { name: 'application to Redis', protocol: undefined },
  ],
  passwords: [{ algorithm: 'argon2id', parameters: 'm=19456,t=2,p=1' }],
  extra: [
    {
      type: 'cryptographic-asset',
      'bom-ref': 'certificate:public',
      name: 'crm.example | public',
      cryptoProperties: { assetType: 'certificate' },
    },
  ] satisfies CycloneDxAsset[],
};

describe('the document', () => {
  test.each([
    ['everything there is', everything],
    ['nothing', { vaults: [] }],
    ['an application and a time', { ...everything, application: 'crm', timestamp: new Date(0) }],
  ])('is one of CycloneDX 1.6, with %s', async (_, options) => {
    const { document } = await cryptoInventory(options);
    expect(violations(document)).toEqual([]);
  });

  test('would not be one with a misspelled member', async () => {
    const { document } = await cryptoInventory(everything);
    const [first, ...others] = document.components;
    const components = [{ ...first, cryptoProperties: { assetType: 'algorithm', keySize: 256 } }, ...others];
    expect(violations({ ...document, components })).not.toEqual([]);
  });

  test('lists each algorithm once, every root key with its state, and the data keys of each vault', async () => {
    const { document } = await cryptoInventory(everything);
    expect(document.components.map((asset) => asset['bom-ref'])).toEqual([
      'algorithm:AES-256-GCM',
      'algorithm:HKDF-SHA-256',
      'algorithm:HMAC-SHA-256',
      'algorithm:XAES-256-GCM',
      'algorithm:argon2id:m=19456,t=2,p=1',
      'certificate:public',
      'key:aws-kms:arn:0',
      'key:aws-kms:arn:1',
      'key:aws-kms:arn:gone',
      'key:data:billing',
      'key:data:crm',
      'key:memory:new',
      'key:memory:old',
      'protocol:application to PostgreSQL',
      'protocol:application to Redis',
    ]);
    const states = document.components.flatMap(({ name, cryptoProperties }) => {
      const material = cryptoProperties.relatedCryptoMaterialProperties;
      return material ? [[name, material.state, material.creationDate]] : [];
    });
    expect(states).toEqual([
      ['arn:0', 'suspended', undefined],
      ['arn:1', 'active', '2026-11-01T00:00:00.000Z'],
      ['arn:gone', 'destroyed', undefined],
      ['data keys of billing', 'active', undefined],
      ['data keys of crm', 'active', undefined],
      ['new', 'active', '1970-01-01T00:00:00.000Z'],
      ['old', 'deactivated', '1970-01-01T00:00:00.000Z'],
    ]);
  });

  test('says what wraps the data keys, which fields they encrypt, and what they are used with', async () => {
    const { document } = await cryptoInventory(everything);
    const [billing, crm] = ['billing', 'crm'].map((name) =>
      document.components.find((asset) => asset['bom-ref'] === `key:data:${name}`),
    );
    expect(billing?.cryptoProperties.relatedCryptoMaterialProperties?.securedBy).toEqual({
      mechanism: 'aws-kms',
      algorithmRef: 'algorithm:AES-256-GCM',
    });
    expect(crm?.properties).toEqual([
      { name: 'unite:field', value: 'contacts.email text, index of 128 bits, plaintext until 2027-03-31' },
      { name: 'unite:field', value: 'contacts.notes json' },
    ]);
    expect(document.dependencies).toEqual([
      {
        ref: 'key:data:billing',
        dependsOn: ['algorithm:AES-256-GCM', 'algorithm:HKDF-SHA-256', 'algorithm:XAES-256-GCM'],
      },
      {
        ref: 'key:data:crm',
        dependsOn: ['algorithm:HKDF-SHA-256', 'algorithm:HMAC-SHA-256', 'algorithm:XAES-256-GCM'],
      },
    ]);
  });

  test('does without the key providers', async () => {
    const { document } = await cryptoInventory({ vaults: [vault('crm', 'file', notes)] });
    expect(violations(document)).toEqual([]);
    expect(document.components.map((asset) => asset['bom-ref'])).toEqual([
      'algorithm:HKDF-SHA-256',
      'algorithm:XAES-256-GCM',
      'key:data:crm',
    ]);
  });

  test('does with a provider that lists no root keys, and one whose algorithm nobody knows', async () => {
    const keys = [{ name: 'own', algorithm: 'ROT-13' }];
    const { document } = await cryptoInventory({ vaults: [vault('crm', 'own', notes)], keys });
    expect(violations(document)).toEqual([]);
    const own = document.components.find(({ name }) => name === 'ROT-13');
    expect(own?.cryptoProperties.algorithmProperties?.primitive).toBe('unknown');
  });

  test('is the same for the same set-up, in whatever order it is given', async () => {
    const reversed = {
      ...everything,
      vaults: everything.vaults.toReversed(),
      keys: everything.keys.toReversed(),
    };
    const [first, second] = [await cryptoInventory(everything), await cryptoInventory(reversed)];
    expect(JSON.stringify(second.document)).toBe(JSON.stringify(first.document));
    expect(JSON.stringify(first.document)).not.toContain('timestamp');
  });

  test('holds no secret', async () => {
    const { document, table } = await cryptoInventory(everything);
    for (const secret of [7, 9].map((byte) => Buffer.alloc(32, byte))) {
      for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const) {
        expect(JSON.stringify(document) + table).not.toContain(secret.toString(encoding));
      }
    }
  });
});

test('the table says the same in one line an asset', async () => {
  const { table } = await cryptoInventory(everything);
  const lines = table.split('\n');
  expect(lines).toHaveLength(2 + 15);
  expect(lines[0]).toBe('| Kind | Name | What for | Detail |');
  for (const line of [
    '| key | old | root key of memory | deactivated |',
    '| connection | TLSv1.3 | application to PostgreSQL | TLS_AES_256_GCM_SHA384 |',
    '| connection | no encryption | application to Redis |  |',
    '| algorithm | argon2id | hashes passwords | m=19456,t=2,p=1 |',
    '| key | data keys of billing | one or more for each tenant, wrapped by aws-kms | active; contacts.notes json |',
    '| certificate | crm.example \\| public |  |  |',
  ]) {
    expect(lines).toContain(line);
  }
});

describe('what is refused', () => {
  test.each([
    [{}, 'cryptoInventory: option "vaults" must be an array, got undefined'],
    [{ vaults: [], vault: 1 }, 'cryptoInventory: unknown option "vault"'],
    [
      { vaults: [], timestamp: new Date(Number.NaN) },
      'cryptoInventory: option "timestamp" must be a date, got an object',
    ],
    [{ vaults: [], signal: {} }, 'cryptoInventory: option "signal" must be an AbortSignal, got an object'],
    [
      { vaults: [vault('crm', 'memory', notes), vault('crm', 'memory', email)] },
      'cryptoInventory: there are two assets "key:data:crm"',
    ],
  ])('%j', async (options, message) => {
    await expect(cryptoInventory(options as { vaults: [] })).rejects.toThrow(message);
  });

  test('an outage of a key provider is told as it is', async () => {
    const keys: Pick<KeyProvider, 'name' | 'algorithm' | 'rootKeys'>[] = [
      {
        name: 'kms',
        algorithm: 'AES-256-GCM',
        rootKeys: async (call) => call.signal.throwIfAborted() as never,
      },
    ];
    const signal = AbortSignal.abort(new Error('the KMS does not answer'));
    await expect(cryptoInventory({ vaults: [], keys, signal })).rejects.toThrow('the KMS does not answer');
  });
});

/** What is wrong with it by the schema that CycloneDX publishes. */
function violations(document: CycloneDxDocument | object): readonly unknown[] {
  isValid(document);
  return (isValid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function compiledSchema() {
  const folder = join(dirname(require.resolve('@cyclonedx/cyclonedx-library/package.json')), 'res/schema');
  const schema = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
  // Nothing that the inventory writes is of these.
  ajv.addFormat('idn-email', true).addFormat('iri-reference', true);
  for (const file of ['spdx.SNAPSHOT.schema.json', 'jsf-0.82.SNAPSHOT.schema.json']) {
    ajv.addSchema(schema(file), `http://cyclonedx.org/schema/${file}`);
  }
  return ajv.compile(schema('bom-1.6.SNAPSHOT.schema.json'));
}
