export { type Argon2idOptions, argon2id, type NodeArgon2, type NodeRsArgon2 } from './argon2id';
export { checkPassword, type PasswordCheck, type PasswordFlaw, type PasswordPolicy } from './check-password';
export { createPasswords } from './create-passwords';
export type * from './password-types';
export { type ScryptOptions, scrypt } from './scrypt';
