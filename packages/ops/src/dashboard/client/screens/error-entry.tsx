import type { ErrorRow } from '../../screen-types';
import { counted } from '../format/numbers';
import { ScreenLink } from '../ui/screen-link';
import { StatusMark } from '../ui/status-mark';
import { When } from '../ui/when';

/** Errors of one kind in one release, and where the newest came from. */
export function ErrorEntry({ error }: { readonly error: ErrorRow }) {
  const { type, message, route, release, count, firstAtMs, lastAtMs, isHandled, traceId, stack } = error;
  return (
    <li class="error">
      <p class="error-title">
        <StatusMark shape={isHandled ? 'triangle' : 'cross'} tone={isHandled ? 'warn' : 'critical'}>
          <span class="hidden-visually">{isHandled ? 'Handled: ' : 'Not handled: '}</span>
          <strong>{type}</strong> <span class="message">{message}</span>
        </StatusMark>
      </p>
      <ul class="error-facts meta">
        <li>{counted(count, 'time')}</li>
        <li>
          last <When atMs={lastAtMs} />
        </li>
        <li>
          first <When atMs={firstAtMs} />
        </li>
        {release !== undefined && <li>in {release}</li>}
        {route !== undefined && <li class="route">{route}</li>}
        {traceId !== undefined && (
          <li>
            <ScreenLink to={{ screen: 'trace', traceId }}>Sample trace</ScreenLink>
          </li>
        )}
      </ul>
      {stack.length > 0 && (
        <details class="more">
          <summary>
            Stack<span class="hidden-visually"> of {type}</span>
          </summary>
          <ol class="stack-lines">
            {stack.map(({ text, isOwn }, index) => (
              <li key={index} class={isOwn ? undefined : 'muted'}>
                <code>{text}</code>
              </li>
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}
