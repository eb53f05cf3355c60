import { subscribe } from 'node:diagnostics_channel';
import { currentContext } from '@unite/core/context';
import { once } from '@unite/core/once';
import type { ProblemRespondMessage } from '@unite/problem';

/** Writes down why a request was answered with 5xx. The client gets the request id, and finds nothing else out. */
export function logFailures(): void {
  once('crm.log-failures', () => {
    subscribe('unite:problem:respond', (message) => {
      const { type, status, error } = message as ProblemRespondMessage;
      if (status < 500) return;
      const { requestId, route } = currentContext() ?? {};
      // biome-ignore lint/suspicious/noConsole: the application's log; packages never write to it
      console.error(`${status} ${type} ${route} ${requestId}`, error);
    });
  });
}
