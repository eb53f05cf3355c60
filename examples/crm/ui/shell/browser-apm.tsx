'use client';

import { type BrowserService, startBrowserApm } from '@unite/apm/browser';
import { useEffect } from 'react';

interface BrowserApmProps {
  /** What the server runs: an error of the page is blamed on it. */
  readonly service: BrowserService;
}

/** Tells the server what goes wrong in the page, and how fast it was. Neither names a person, and nothing is stored. */
export function BrowserApm({ service }: BrowserApmProps) {
  useEffect(() => {
    startBrowserApm({
      service,
      // Whoever's browser asks not to be measured is not.
      consent: navigator.doNotTrack === '1' ? 'denied' : 'granted',
      errors: { url: '/api/browser-errors', withoutConsent: true },
      vitals: { url: '/api/browser-vitals', load: () => import('web-vitals') },
    });
  }, [service]);
  return null;
}
