import { headers } from 'next/headers';
import { seenBy } from '@/lib/try-this/evidence';
import { demoSessionId } from '@/lib/unite';
import { TryThis } from '../try-this/try-this';

/** What there is to try, with what this session has seen before this page. */
export async function TryThisPlace() {
  const sessionId = demoSessionId(await headers());
  return sessionId !== undefined && <TryThis first={seenBy(sessionId)} />;
}
