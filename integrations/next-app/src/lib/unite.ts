import { compose, pageContext, sealedIdentity, withContext } from '@unite/core/next';
import { once } from '@unite/core/once';
import { headers } from 'next/headers';

/** One per process when `once` holds; one per evaluation of this file when it does not. */
export const processId = once('next-app.processId', () => crypto.randomUUID());

export const sealed = sealedIdentity({ secrets: ['a secret of at least thirty-two characters'] });

export const route = compose(withContext({ identify: sealed.identify, timeoutMs: 5_000, release: 'r1' }));

export const page = pageContext({ headers, identify: sealed.identify, release: 'r1' });
