// Makes the keyring that KEYRING_FILE names, where there is none: root keys for development, for its owner's eyes alone.
import { createKeyringFile } from '@unite/crypto/keys';

const file = process.env.KEYRING_FILE;
if (!file) {
  console.error('keyring: KEYRING_FILE is not set. It names the file with the root keys.');
  process.exit(1);
}
try {
  await createKeyringFile(file);
  console.log(`keyring: made ${file}`);
} catch (error) {
  if (error.code !== 'UNITE_CRYPTO_KEY_CONFLICT') throw error;
  console.log('keyring: there already');
}
