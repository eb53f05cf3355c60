import { useState } from 'preact/hooks';
import { Panel } from '../ui/panel';
import { useAction } from '../ui/use-action';

/** Makes everything that carries a tag invalid, in every process. */
export function InvalidateForm() {
  const [tag, setTag] = useState('');
  const { isBusy, outcome, run } = useAction('invalidate');
  const submit = (event: Event) => {
    event.preventDefault();
    if (tag.trim() !== '') void run({ tag: tag.trim() }, `“${tag.trim()}” is invalid now`);
  };
  return (
    <Panel title="Invalidate a tag">
      <form class="filters" onSubmit={submit}>
        <label>
          <span>Tag</span>
          <input
            class="input"
            required
            maxLength={200}
            value={tag}
            onInput={({ currentTarget }) => setTag(currentTarget.value)}
          />
        </label>
        <button type="submit" class="button" aria-disabled={isBusy}>
          Invalidate
        </button>
        <p class="outcome meta" role="status">
          {outcome}
        </p>
      </form>
    </Panel>
  );
}
