import { CacheProvider } from '@unite/cache/react';
import { Suspense } from 'react';

interface FirstValueProps {
  /** By what the components below know it. */
  readonly of: readonly (string | number)[];
  readonly reads: Promise<unknown>;
  /** Whether it need not be waited for: then what a browser without script gets is complete. */
  readonly isThere: boolean;
  /** Shown meanwhile. */
  readonly placeholder?: React.ReactNode;
  readonly children: React.ReactNode;
}

/**
 * Hands what the server reads to the components below: they render it, and ask for a newer one by themselves.
 */
export function FirstValue({ of, reads, isThere, placeholder, children }: FirstValueProps) {
  const filled = (
    <Filled of={of} reads={reads}>
      {children}
    </Filled>
  );
  return isThere ? filled : <Suspense fallback={placeholder}>{filled}</Suspense>;
}

async function Filled({ of, reads, children }: Pick<FirstValueProps, 'of' | 'reads' | 'children'>) {
  return <CacheProvider fallback={[[of, await reads]]}>{children}</CacheProvider>;
}
