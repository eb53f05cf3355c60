/** Parts of a name that say that its value is a credential. Not `tokens`, which are counted, nor their kind. */
export const secretPart =
  /passw|passphrase|secret(?!ar)|credential|authorization|cookie|signature|csrf|xsrf|session[-_]?id|card[-_.]?number|(?:api|access|private|signing)[-_.]?key|token(?!s|iz|[-._]?(?:type|count))/i;

/** Those that are parts of other words too. */
const secretWord = /(?:^|[^a-z])(?:bearer|otp|totp|passcode|pwd|jwt|pin|ssn|cvv|cvc)(?![a-z])/i;

/** The word on its own, or as variables end: tests pass as well, and there are passengers. */
const passName = /(?:^-{0,2}|\.)pass$|_PASS$/;

/** Parameters of a query that are credentials by habit: of OAuth, SAML, signed addresses, many an API. */
export const secretParameters =
  'code|key|sig|auth|pass|pwd|sid|jwt|session|sas|otp|pin|ticket|assertion|SAMLResponse';

/** Whether the value of an attribute with this key, or of a header with this name, may not be shown at all. */
export function isSecretName(name: string): boolean {
  if (secretPart.test(name) || passName.test(name)) return true;
  return secretWord.test(name.replace(/([a-z])([A-Z])/g, '$1_$2'));
}
