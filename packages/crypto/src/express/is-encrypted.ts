import type { IncomingMessage } from 'node:http';

/** Whether the connection to this very process has TLS. */
export function isEncrypted({ socket }: IncomingMessage): boolean {
  return (socket as { encrypted?: boolean }).encrypted === true;
}
