'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { fetchJson, reasonOf } from '../fetch-json';

interface DrillFormProps {
  readonly name: string;
  readonly action: 'start' | 'stop';
  readonly label: string;
  /** Where it leads without script. */
  readonly returnTo: string;
}

/** Starts or stops a drill. With script the screen stays as it is, and so does what was typed in it. */
export function DrillForm({ name, action, label, returnTo }: DrillFormProps) {
  const router = useRouter();
  const [isUnderWay, setUnderWay] = useState(false);
  const [failure, setFailure] = useState<string>();
  const path = `/api/drills/${name}?action=${action}`;

  async function send(event: React.FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isUnderWay) return;
    const menu = event.currentTarget.closest<HTMLElement>('[popover]');
    setUnderWay(true);
    setFailure(undefined);
    try {
      await fetchJson(path, { method: 'POST', isNews: false });
      menu?.hidePopover();
    } catch (error) {
      setFailure(reasonOf(error));
    }
    setUnderWay(false);
    router.refresh();
  }

  return (
    <form method="post" action={`${path}&returnTo=${encodeURIComponent(returnTo)}`} onSubmit={send}>
      <button type="submit" className="button" aria-disabled={isUnderWay}>
        {label}
      </button>
      {failure && <p role="alert">{failure}</p>}
    </form>
  );
}
