import type { Pkcs11Like } from '../../../src/keys';

export const tokenLabel = 'crm';
export const pin = 'user-1234';

/** What the suite needs of `pkcs11js` beyond what the keyring does. */
interface Pkcs11 extends Pkcs11Like {
  load(path: string): void;
  close(): void;
  C_GenerateKey(session: Buffer, mechanism: { mechanism: number }, template: Attribute[]): Buffer;
  C_DestroyObject(session: Buffer, object: Buffer): void;
  C_Logout(session: Buffer): void;
}

interface Attribute {
  type: number;
  value: number | string | boolean;
}

const generateAes = 0x1080;
const attributes = { token: 0x1, private: 0x2, label: 0x3, sensitive: 0x103, encrypt: 0x104, decrypt: 0x105 };
const valueLength = 0x161;
const extractable = 0x162;

/** The token of this run, with a session of its own beside those of keyrings. */
export class Token {
  readonly pkcs11: Pkcs11;
  readonly #session: Buffer;

  constructor() {
    const { PKCS11 } = require(String(process.env.UNITE_PKCS11JS)) as { PKCS11: new () => Pkcs11 };
    this.pkcs11 = new PKCS11();
    this.pkcs11.load(String(process.env.UNITE_PKCS11_MODULE));
    this.pkcs11.C_Initialize({ flags: 2 });
    const slot = this.pkcs11
      .C_GetSlotList(true)
      .find((each) => this.pkcs11.C_GetTokenInfo(each).label.trimEnd() === tokenLabel);
    // To read and to write.
    this.#session = this.pkcs11.C_OpenSession(slot as Buffer, 0x6);
    this.login();
  }

  /** Makes an AES-256 key that never leaves the token. */
  addKey(label: string, { decrypt = true }: { readonly decrypt?: boolean } = {}): void {
    this.pkcs11.C_GenerateKey(this.#session, { mechanism: generateAes }, [
      { type: attributes.token, value: true },
      { type: attributes.private, value: true },
      { type: attributes.sensitive, value: true },
      { type: extractable, value: false },
      { type: attributes.encrypt, value: true },
      { type: attributes.decrypt, value: decrypt },
      { type: attributes.label, value: label },
      { type: valueLength, value: 32 },
    ]);
  }

  destroyKey(label: string): void {
    this.pkcs11.C_FindObjectsInit(this.#session, [{ type: attributes.label, value: label }]);
    const keys = this.pkcs11.C_FindObjects(this.#session, 10);
    this.pkcs11.C_FindObjectsFinal(this.#session);
    for (const key of keys) this.pkcs11.C_DestroyObject(this.#session, key);
  }

  login(): void {
    this.pkcs11.C_Login(this.#session, 1, pin);
  }

  logout(): void {
    this.pkcs11.C_Logout(this.#session);
  }

  end(): void {
    this.pkcs11.C_Finalize();
    this.pkcs11.close();
  }
}
