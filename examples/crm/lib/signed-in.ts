import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { pathHeader } from './path-header';
import { requestFacts } from './request-facts';
import type { Session } from './session';
import { startAddress } from './start-address';
import { page } from './unite';

/** Who this page is for; sends everybody else to the start page, and back here once they have signed in. */
export async function signedIn(): Promise<Session> {
  const session = await page(() => requestFacts()?.session);
  return session ?? redirect(startAddress((await headers()).get(pathHeader)));
}
