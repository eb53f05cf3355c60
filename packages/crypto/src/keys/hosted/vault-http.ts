import type { HostedFailure } from './ask-hosted';

/** Answers are some hundred bytes; what is longer is none. */
const maxAnswerBytes = 65_536;

/** What `fetch` has to do. */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>;

/** How Vault is reached. */
export interface VaultHttpOptions {
  readonly address: string;
  readonly token: string | ((signal: AbortSignal) => string | Promise<string>);
  readonly namespace: string | undefined;
  readonly fetch: FetchLike;
}

/** An answer that is no success: the status, and a word of Vault where it is one of those that are known. */
class VaultRefusal extends Error {
  readonly status: number;
  readonly reason: 'no-key' | 'too-old' | undefined;

  constructor(status: number, text: string) {
    // The text may quote what was sent.
    super(`status ${status}`);
    this.name = 'VaultRefusal';
    this.status = status;
    if (/encryption key not found/i.test(text)) this.reason = 'no-key';
    else if (/disallowed by policy|too old/i.test(text)) this.reason = 'too-old';
  }
}

/** Asks Vault's HTTP API. @returns `data` of the answer; `undefined` where it cannot be read */
export async function askVault(
  { address, token, namespace, fetch }: VaultHttpOptions,
  path: string,
  body: Readonly<Record<string, unknown>> | undefined,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const response = await fetch(`${address}/v1/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      'X-Vault-Token': typeof token === 'string' ? token : await token(signal),
      'X-Vault-Request': 'true',
      ...(namespace !== undefined && { 'X-Vault-Namespace': namespace }),
      ...(body && { 'Content-Type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    // The token would go along to wherever it leads.
    redirect: 'manual',
    signal,
  });
  const text = await readText(response);
  if (!response.ok) throw new VaultRefusal(response.status, text);
  return dataOf(text);
}

/** What a refusal means. Any other error is an outage. */
export function vaultFailure(error: unknown): HostedFailure {
  if (!(error instanceof VaultRefusal)) return 'UNITE_CRYPTO_KEYS_UNAVAILABLE';
  const { status, reason } = error;
  if (status === 403 || status === 401) return 'UNITE_CRYPTO_KEYS_DENIED';
  if (status === 404 || reason === 'no-key') return 'UNITE_CRYPTO_KEY_UNKNOWN';
  if (reason === 'too-old') return 'UNITE_CRYPTO_KEY_DISABLED';
  return 'UNITE_CRYPTO_KEYS_UNAVAILABLE';
}

/** What it means for decrypting, where a ciphertext that was altered is a bad request. */
export function vaultDecryptFailure(error: unknown): HostedFailure {
  const isBad = error instanceof VaultRefusal && error.status === 400 && error.reason === undefined;
  return isBad ? 'UNITE_CRYPTO_UNWRAP_FAILED' : vaultFailure(error);
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    // Leaving the loop cancels the body.
    if (length > maxAnswerBytes) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function dataOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const { data } = JSON.parse(text) as { data?: unknown };
    return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
