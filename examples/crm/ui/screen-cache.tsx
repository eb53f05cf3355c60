'use client';

import { CacheProvider, createCacheClient } from '@unite/cache/react';
import { useState } from 'react';
import { isWorthRetrying } from './fetch-json';

/**
 * What a screen fetches, kept for as long as one is on it. The next visit begins with what the server has read for it,
 * which is newer.
 */
export function ScreenCache({ children }: { readonly children: React.ReactNode }) {
  const [client] = useState(() => createCacheClient({ defaults: { shouldRetry: isWorthRetrying } }));
  return <CacheProvider client={client}>{children}</CacheProvider>;
}
