import { redirect } from 'next/navigation';
import { requestFacts } from './request-facts';
import type { Session } from './session';
import { page } from './unite';

/** Who this page is for; sends everybody else to the start page. */
export async function signedIn(): Promise<Session> {
  const session = await page(() => requestFacts()?.session);
  return session ?? redirect('/');
}
