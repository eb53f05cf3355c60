'use client';

import { startBrowserTracing } from '@unite/tracing/browser';
import { useEffect } from 'react';

/** The browser's part of the trace: what this page, and what it asks, took where a person waits. */
export function BrowserTracing() {
  useEffect(() => {
    const tracing = startBrowserTracing({ endpoint: '/api/browser-spans' });
    return () => tracing.close();
  }, []);
  return null;
}
