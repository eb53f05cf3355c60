import { useState } from 'preact/hooks';

export interface CopyButtonProps {
  readonly text: string;
  readonly children: string;
}

export function CopyButton({ text, children }: CopyButtonProps) {
  const [outcome, setOutcome] = useState('');
  const copy = () =>
    // Without https there is no clipboard.
    (navigator.clipboard?.writeText(text) ?? Promise.reject()).then(
      () => setOutcome('Copied'),
      () => setOutcome('Not copied: the browser forbids it'),
    );
  return (
    <span class="copy">
      <button type="button" class="button" onClick={copy}>
        {children}
      </button>
      <span class="meta" role="status">
        {outcome}
      </span>
    </span>
  );
}
