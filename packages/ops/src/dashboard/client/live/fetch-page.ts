import type { Page } from '../pages';

/** What came of asking for a page. */
export type PageAnswer =
  | { readonly kind: 'page'; readonly page: Page }
  /** The viewer is not, or no longer, let in. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed' };

/** Asks once; never rejects. */
export async function fetchPage(url: string): Promise<PageAnswer> {
  try {
    const response = await fetch(url, { headers: { accept: 'application/json' }, cache: 'no-store' });
    if (response.status === 401 || response.status === 403) return { kind: 'refused' };
    if (!response.ok) return { kind: 'failed' };
    return { kind: 'page', page: await response.json() };
  } catch {
    return { kind: 'failed' };
  }
}
