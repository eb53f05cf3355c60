/** Parts of a name that say that its value is a credential. Not `tokens`, which are counted, nor their kind. */
export const secretPart =
  /passw|passphrase|secret|credential|authorization|cookie|signature|(?:api|access|private|signing)[-_.]?key|token(?!s|iz|[._]type)/i;

/** Whether the value of an attribute with this key, or of a header with this name, may not be shown at all. */
export function isSecretName(name: string): boolean {
  return secretPart.test(name);
}
