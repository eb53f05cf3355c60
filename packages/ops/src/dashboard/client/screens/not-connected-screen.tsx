import type { ScreenName } from '../../screen-types';
import { screenTitles } from '../screen-titles';
import { CodeBlock } from '../ui/code-block';
import { EmptyState } from '../ui/empty-state';

export interface NotConnectedScreenProps {
  readonly screen: ScreenName;
  readonly hint: string | undefined;
}

export function NotConnectedScreen({ screen, hint }: NotConnectedScreenProps) {
  return (
    <div class="panel">
      <EmptyState title="Not connected">
        <p>
          Nothing feeds this screen yet{hint === undefined ? '.' : ': add this to the dashboard’s options.'}
        </p>
        {hint !== undefined && <CodeBlock label={`How to connect ${screenTitles[screen]}`} code={hint} />}
      </EmptyState>
    </div>
  );
}
