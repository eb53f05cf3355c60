import { Suspense } from 'react';

interface WhenThereProps {
  /** Whether what is read need not be waited for: then a browser without script gets all of it. */
  readonly isThere: boolean;
  /** Shown meanwhile. */
  readonly placeholder: React.ReactNode;
  readonly children: React.ReactNode;
}

/** A part of a screen that reads something, behind its shape where that takes long enough to be noticed. */
export function WhenThere({ isThere, placeholder, children }: WhenThereProps) {
  return isThere ? children : <Suspense fallback={placeholder}>{children}</Suspense>;
}
