/** A hash in the PHC string format: `$scrypt$ln=17,r=8,p=1$c2FsdA$aGFzaA`. */
export interface PhcHash {
  readonly id: string;
  readonly version: number | undefined;
  /** In their order. */
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

const maxLength = 512;
const pattern =
  /^\$([a-z0-9-]{1,32})(?:\$v=([1-9]\d{0,4}))?\$([a-z]{1,32}=[A-Za-z0-9+/.-]+(?:,[a-z]{1,32}=[A-Za-z0-9+/.-]+)*)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** `undefined` for text that is no such hash, with parameters, salt and all. */
export function readPhc(text: string): PhcHash | undefined {
  const [, id, version, parameters, salt, hash] = (text.length <= maxLength && pattern.exec(text)) || [];
  if (!id || !parameters || !salt || !hash) return undefined;
  const entries = parameters.split(',').map((part) => part.split('=') as [string, string]);
  const names = new Set(entries.map(([name]) => name));
  if (names.size < entries.length) return undefined;
  return {
    id,
    version: version === undefined ? undefined : Number(version),
    parameters: Object.fromEntries(entries),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

export function writePhc({ id, version, parameters, salt, hash }: PhcHash): string {
  const written = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return [
    '',
    id,
    ...(version === undefined ? [] : [`v=${version}`]),
    written.join(','),
    base64(salt),
    base64(hash),
  ].join('$');
}

/** Without padding. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
