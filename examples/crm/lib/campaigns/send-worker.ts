import { setTimeout as sleep } from 'node:timers/promises';
import { once } from '@unite/core/once';
import { apm } from '../apm';
import { createSendWorker, type SendWorker } from './create-send-worker';
import { sendNext } from './send-next';

/** What sends campaigns in this process. */
export function sendWorker(): SendWorker {
  return once('crm.send-worker', () =>
    createSendWorker({
      sendNext,
      // Keeps no process alive.
      sleep: (ms, signal) => sleep(ms, undefined, { signal, ref: false }),
      onFailure: (error) => apm.captureError(error),
    }),
  );
}
