import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Pkcs11Like, Pkcs11Mechanism } from '../../../../src/keys';

/** A stub in the shape of `pkcs11js` with one token, `crm`. It is no module of PKCS#11; the suite has a real one. */
export interface StubToken extends Pkcs11Like {
  /** Root keys by label; several with one label make a list. */
  readonly keys: Map<string, Buffer[]>;
  /** What was called, in order. */
  readonly calls: string[];
  /** Thrown by the method of this name, once. */
  readonly faults: Map<string, unknown>;
  /** What encrypting and decrypting wait for. */
  gate: Promise<void> | undefined;
  /** Changes what encrypting and decrypting answer. */
  change: (answer: Buffer) => Buffer;
  isInitialized: boolean;
}

export const pin = '1234-secret';

/** An error as pkcs11js throws it. */
export function ckr(code: number): Error {
  return Object.assign(new Error(`CKR_${code}:${pin}`), { code, method: 'C_Method' });
}

export function stubToken(): StubToken {
  const keys = new Map([['fields', [randomBytes(32)]]]);
  let found: Buffer[] = [];
  let operation: { readonly mechanism: Pkcs11Mechanism; readonly key: Buffer } | undefined;
  let open = 0;

  function called(name: string): void {
    token.calls.push(name);
    const fault = token.faults.get(name);
    token.faults.delete(name);
    if (fault) throw fault;
  }

  function begin(name: string, mechanism: Pkcs11Mechanism, key: Buffer): void {
    called(name);
    // OPERATION_ACTIVE: a session does one thing at a time.
    if (operation) throw ckr(0x90);
    operation = { mechanism, key };
  }

  async function end(name: string, work: (key: Buffer, iv: Buffer, aad: Buffer) => Buffer): Promise<Buffer> {
    called(name);
    await token.gate;
    if (!operation) throw ckr(0x91);
    const { key, mechanism } = operation;
    operation = undefined;
    return token.change(work(key, mechanism.parameter.iv, mechanism.parameter.aad));
  }

  const token: StubToken = {
    keys,
    calls: [],
    faults: new Map(),
    gate: undefined,
    change: (answer) => answer,
    isInitialized: false,
    C_Initialize() {
      called('C_Initialize');
      if (token.isInitialized) throw ckr(0x191);
      token.isInitialized = true;
    },
    C_Finalize() {
      called('C_Finalize');
      token.isInitialized = false;
    },
    C_GetSlotList: () => [Buffer.from('other'), Buffer.from('crm')],
    C_GetTokenInfo: (slot) => ({ label: slot.toString().padEnd(32) }),
    C_OpenSession() {
      called('C_OpenSession');
      open += 1;
      operation = undefined;
      return Buffer.from([open]);
    },
    C_CloseSession: () => called('C_CloseSession'),
    C_Login(_session, _userType, given) {
      called('C_Login');
      if (given !== pin) throw ckr(0xa0);
    },
    C_FindObjectsInit(_session, template) {
      called('C_FindObjectsInit');
      found = keys.get(String(template.find(({ type }) => type === 3)?.value)) ?? [];
    },
    C_FindObjects: (_session, maxObjectCount) => found.slice(0, maxObjectCount),
    C_FindObjectsFinal: () => called('C_FindObjectsFinal'),
    C_EncryptInit: (_session, mechanism, key) => begin('C_EncryptInit', mechanism, key),
    C_DecryptInit: (_session, mechanism, key) => begin('C_DecryptInit', mechanism, key),
    C_EncryptAsync: (_session, input) =>
      end('C_EncryptAsync', (key, iv, aad) => {
        const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 }).setAAD(aad);
        return Buffer.concat([cipher.update(input), cipher.final(), cipher.getAuthTag()]);
      }),
    C_DecryptAsync: (_session, input) =>
      end('C_DecryptAsync', (key, iv, aad) => {
        const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
        decipher.setAAD(aad).setAuthTag(input.subarray(-16));
        const plaintext = decipher.update(input.subarray(0, -16));
        try {
          decipher.final();
        } catch {
          throw ckr(0x40);
        }
        return plaintext;
      }),
  };
  return token;
}
