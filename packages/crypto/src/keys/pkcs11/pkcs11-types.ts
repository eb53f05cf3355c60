/** What `pkcs11Keyring` needs of a PKCS#11 module: a loaded instance of `PKCS11` of `pkcs11js` is one. */
export interface Pkcs11Like {
  C_Initialize(options: { flags: number }): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Buffer[];
  C_GetTokenInfo(slot: Buffer): { label: string };
  C_OpenSession(slot: Buffer, flags: number): Buffer;
  C_CloseSession(session: Buffer): void;
  C_Login(session: Buffer, userType: number, pin: string): void;
  C_FindObjectsInit(session: Buffer, template: Pkcs11Attribute[]): void;
  C_FindObjects(session: Buffer, maxObjectCount: number): Buffer[];
  C_FindObjectsFinal(session: Buffer): void;
  C_EncryptInit(session: Buffer, mechanism: Pkcs11Mechanism, key: Buffer): void;
  C_EncryptAsync(session: Buffer, input: Buffer, output: Buffer): Promise<Buffer>;
  C_DecryptInit(session: Buffer, mechanism: Pkcs11Mechanism, key: Buffer): void;
  C_DecryptAsync(session: Buffer, input: Buffer, output: Buffer): Promise<Buffer>;
}

/** An attribute that is looked for. */
export interface Pkcs11Attribute {
  type: number;
  value: number | string;
}

/** AES-GCM with its parameters. */
export interface Pkcs11Mechanism {
  mechanism: number;
  parameter: { type: number; iv: Buffer; aad: Buffer; ivBits: number; tagBits: number };
}
