import { randomBytes } from 'node:crypto';
import { type Stub, startStub } from './start-stub';
import { StubCipher } from './stub-cipher';

type Input = Readonly<Record<string, unknown>>;

/** A stub of AWS KMS's JSON 1.1 protocol with root keys of its own. It is not AWS. */
export interface AwsKmsStub extends Stub {
  /** Makes a root key, and lets the alias lead to it. Returns its ARN. */
  rotate(): string;
  /** What it answers to whoever uses a root key. */
  states: Map<string, string>;
  /** The last encryption context that came. */
  context: unknown;
}

export const alias = 'alias/crm';

export async function startAwsKmsStub(): Promise<AwsKmsStub> {
  const ciphers = new Map<string, StubCipher>();
  let primary = '';

  const resolve = (keyId: unknown) => (keyId === alias ? primary : String(keyId));
  const encrypt = (arn: string, key: Uint8Array, context: unknown) => {
    const sealed = ciphers.get(arn)?.seal(key, JSON.stringify(context)) as Buffer;
    return Buffer.concat([Buffer.from(arn.slice(-36)), sealed]);
  };

  function answer(operation: string, input: Input): { readonly status: number; readonly body: unknown } {
    const source = resolve(input.KeyId ?? input.SourceKeyId);
    const context = input.EncryptionContext ?? input.SourceEncryptionContext;
    stub.context = context ?? stub.context;
    if (!ciphers.has(source)) return refusal('NotFoundException', `Key '${source}' does not exist`);
    const state = stub.states.get(source) ?? 'Enabled';
    if (operation === 'DescribeKey')
      return {
        status: 200,
        body: { KeyMetadata: { Arn: source, KeyState: state, CreationDate: 1_790_000_000.5 } },
      };
    if (state === 'Disabled') return refusal('DisabledException', `${source} is disabled.`);
    if (state !== 'Enabled') return refusal('KMSInvalidStateException', `${source} is pending deletion.`);
    if (operation === 'GenerateDataKey') {
      const key = randomBytes(32);
      const blob = encrypt(source, key, context).toString('base64');
      return {
        status: 200,
        body: { KeyId: source, Plaintext: key.toString('base64'), CiphertextBlob: blob },
      };
    }
    const blob = Buffer.from(String(input.CiphertextBlob), 'base64');
    const key = ciphers.get(source)?.open(blob.subarray(36), JSON.stringify(context));
    const isOwn = blob.subarray(0, 36).toString() === source.slice(-36);
    if (!key || !isOwn) return refusal('InvalidCiphertextException', undefined);
    if (operation === 'Decrypt')
      return { status: 200, body: { KeyId: source, Plaintext: key.toString('base64') } };
    const target = resolve(input.DestinationKeyId);
    const next = encrypt(target, key, input.DestinationEncryptionContext).toString('base64');
    return { status: 200, body: { SourceKeyId: source, KeyId: target, CiphertextBlob: next } };
  }

  const started = await startStub((request, body) =>
    answer(String(request.headers['x-amz-target']).replace('TrentService.', ''), JSON.parse(body)),
  );
  const stub: AwsKmsStub = Object.assign(started, {
    states: new Map<string, string>(),
    context: undefined,
    rotate() {
      primary = `arn:aws:kms:eu-central-1:111122223333:key/${crypto.randomUUID()}`;
      ciphers.set(primary, new StubCipher());
      return primary;
    },
  });
  stub.rotate();
  return stub;
}

/** How AWS refuses. */
export function refusal(type: string, message: string | undefined) {
  return { status: 400, body: { __type: type, message } };
}
