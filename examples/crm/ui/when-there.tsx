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
 * of the page, also for a browser without script. Both ways it stands at the same place of the tree: a screen that is
 * read again keeps what was typed into it, whichever way it comes.
 */
export async function WhenThere<Value>({ reads, placeholder, children }: WhenThereProps<Value>) {
  const isThere = await soon(reads);
  return (
    <Suspense fallback={placeholder}>
      {isThere ? children(await reads) : <Late reads={reads}>{children}</Late>}
    </Suspense>
  );
}

async function Late<Value>({ reads, children }: Pick<WhenThereProps<Value>, 'reads' | 'children'>) {
  return children(await reads);
}
