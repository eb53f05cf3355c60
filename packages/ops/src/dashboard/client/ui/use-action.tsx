import { useState } from 'preact/hooks';
import { postAction } from '../post-action';
import { useDashboard } from './dashboard-context';

/** Something that the server does when asked: whether it is at it, and what came of the last time. */
export function useAction(name: 'invalidate' | 'drill') {
  const { base, store } = useDashboard();
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState('');
  const run = async (body: Readonly<Record<string, string>>, done: string) => {
    if (isBusy) return;
    setBusy(true);
    setOutcome('');
    const refusal = await postAction(`${base}/actions/${name}`, body);
    setOutcome(refusal ?? done);
    await store.refetch();
    setBusy(false);
  };
  return { isBusy, outcome, run };
}
