import { type Stub, startStub } from './start-stub';
import { StubCipher } from './stub-cipher';

/** A stub of the transit engine's HTTP API with one root key, `transit/crm`. It is not Vault. */
export interface VaultStub extends Stub {
  /** Makes the next version of the root key. */
  rotate(): void;
  /** Versions before it are refused. */
  oldest: number;
  /** Whether it knows of associated data: releases before 1.13 do not. */
  hasAssociatedData: boolean;
  /** The last request's headers. */
  headers: Readonly<Record<string, unknown>>;
}

export const token = 'hvs.stub-token';

export async function startVaultStub(): Promise<VaultStub> {
  const versions = [new StubCipher()];
  const failed = (status: number, ...errors: string[]) => ({ status, body: { errors } });

  const started = await startStub((request, text) => {
    stub.headers = request.headers;
    if (request.headers['x-vault-token'] !== token) return failed(403, 'permission denied');
    const [, , mount, operation, name] = String(request.url).split('/');
    if (mount !== 'transit') return failed(404, 'no handler for route');
    if (name !== 'crm')
      return operation === 'decrypt' ? failed(400, 'encryption key not found') : failed(404);
    if (operation === 'keys') {
      const keys = Object.fromEntries(versions.map((_, at) => [at + 1, 1_790_000_000 + at]));
      return {
        status: 200,
        body: { data: { keys, latest_version: versions.length, min_decryption_version: stub.oldest } },
      };
    }
    const body = JSON.parse(text) as Record<string, string>;
    const aad = stub.hasAssociatedData ? String(body.associated_data) : '';
    if (operation === 'encrypt') {
      const sealed = versions.at(-1)?.seal(Buffer.from(String(body.plaintext), 'base64'), aad) as Buffer;
      const ciphertext = `vault:v${versions.length}:${sealed.toString('base64')}`;
      return { status: 200, body: { data: { ciphertext, key_version: versions.length } } };
    }
    const [, version, sealed] = /^vault:v(\d+):(.+)$/.exec(String(body.ciphertext)) ?? [];
    if (Number(version) < stub.oldest)
      return failed(400, 'ciphertext or signature version is disallowed by policy (too old)');
    const plaintext = versions[Number(version) - 1]?.open(Buffer.from(String(sealed), 'base64'), aad);
    if (!plaintext) return failed(400, 'cipher: message authentication failed');
    return { status: 200, body: { data: { plaintext: plaintext.toString('base64') } } };
  });
  const stub: VaultStub = Object.assign(started, {
    oldest: 1,
    hasAssociatedData: true,
    headers: {},
    rotate: () => void versions.push(new StubCipher()),
  });
  return stub;
}
