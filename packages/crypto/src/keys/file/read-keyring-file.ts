import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CryptoError } from '../../errors';
import type { KeyringFile } from './keyring-file-types';
import { parseKeyring } from './parse-keyring';

/** Room for some thousand root keys. */
const maxBytes = 1_048_576;
/** Read or written by the owner's group, or by everybody. */
const othersBits = 0o077n;

/** A keyring as it was read. */
export interface ReadKeyring {
  readonly file: KeyringFile;
  /** Another one when the file was changed. */
  readonly version: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Reads a keyring file that nobody else can read.
 *
 * @throws CryptoError `UNITE_CRYPTO_KEYRING_INVALID`, `UNITE_CRYPTO_KEYS_UNAVAILABLE`
 */
export async function readKeyringFile(path: string): Promise<ReadKeyring> {
  // A pipe would be waited for when it is opened.
  await statKeyring(path);
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const stats = await handle.stat({ bigint: true });
    checkStats(path, stats);
    const bytes = Buffer.alloc(Number(stats.size));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    const file = parseKeyring(path, bytes.toString('utf8', 0, bytesRead));
    bytes.fill(0);
    return { file, version: versionOf(stats), uid: Number(stats.uid), gid: Number(stats.gid) };
  } catch (error) {
    throw fileError(path, error);
  } finally {
    await handle?.close();
  }
}

/** The version of a file without reading it. @throws CryptoError */
export async function keyringFileVersion(path: string): Promise<string> {
  return versionOf(await statKeyring(path));
}

async function statKeyring(path: string): Promise<BigIntStats> {
  const stats = await stat(path, { bigint: true }).catch((error) => {
    throw fileError(path, error);
  });
  checkStats(path, stats);
  return stats;
}

function versionOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

/** @throws CryptoError `UNITE_CRYPTO_KEYRING_INVALID` */
function checkStats(path: string, stats: BigIntStats): void {
  if (!stats.isFile()) throw invalid(`${path} is no file`);
  if (stats.size > maxBytes) throw invalid(`${path} is larger than ${maxBytes} bytes`);
  const me = process.getuid?.();
  // Windows says nothing of either.
  if (me === undefined) return;
  if ((stats.mode & othersBits) !== 0n) {
    const mode = (stats.mode & 0o777n).toString(8).padStart(4, '0');
    throw invalid(`${path} can be read or written by others (mode ${mode}): run chmod 600 on it`);
  }
  const owner = Number(stats.uid);
  if (me !== 0 && owner !== 0 && owner !== me) throw invalid(`${path} belongs to another user`);
}

/** What the file system said, without anything of the file. */
export function fileError(path: string, error: unknown): CryptoError {
  if (CryptoError.isInstance(error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return invalid(`${path} does not exist`, error);
  return new CryptoError('UNITE_CRYPTO_KEYS_UNAVAILABLE', `${path} cannot be used: ${code ?? 'unknown'}`, {
    cause: error,
  });
}

/** The same for a file that is made: what does not exist is where it should be. */
export function folderError(path: string, error: unknown): CryptoError {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT')
    return invalid(`The folder ${dirname(path)} does not exist`, error);
  return fileError(path, error);
}

function invalid(message: string, cause?: unknown): CryptoError {
  return new CryptoError('UNITE_CRYPTO_KEYRING_INVALID', message, cause === undefined ? {} : { cause });
}
