import { Suspense } from 'react';
import { soon } from '@/lib/soon';

interface WhenThereProps<Value> {
  readonly reads: Promise<Value>;
  /** Shown where that takes long enough to be noticed. */
  readonly placeholder?: React.ReactNode;
  readonly children: (value: Value) => React.ReactNode;
}

/**
 * A part of a screen that reads something, behind its shape where that is waited for. What is there in a moment is part
 * of the page, also for a browser without script: no boundary, since React moves out of one what is large. Read again it
 * may come the other way, and begin anew: a form stands outside.
 */
export async function WhenThere<Value>({ reads, placeholder, children }: WhenThereProps<Value>) {
  if (await soon(reads)) return children(await reads);
  return (
    <Suspense fallback={placeholder}>
      <Late reads={reads}>{children}</Late>
    </Suspense>
  );
}

async function Late<Value>({ reads, children }: Pick<WhenThereProps<Value>, 'reads' | 'children'>) {
  return children(await reads);
}
