import { CacheProvider } from '@unite/cache/react';
import { WhenThere } from './when-there';

interface FirstValueProps {
  /** By what the components below know it. */
  readonly of: readonly (string | number)[];
  readonly reads: Promise<unknown>;
  /** Shown while it is waited for. */
  readonly placeholder?: React.ReactNode;
  readonly children: React.ReactNode;
}

/** Hands what the server reads to the components below: they render it, and ask for a newer one by themselves. */
export function FirstValue({ of, reads, placeholder, children }: FirstValueProps) {
  return (
    <WhenThere reads={reads} placeholder={placeholder}>
      {(value) => <CacheProvider fallback={[[of, value]]}>{children}</CacheProvider>}
    </WhenThere>
  );
}
