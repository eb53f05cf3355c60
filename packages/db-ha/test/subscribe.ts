import diagnostics from 'node:diagnostics_channel';

/** The messages of a channel while `work` runs, as they were at the end of it. */
export async function heardOn<Message>(name: string, work: () => Promise<unknown>): Promise<Message[]> {
  const heard: Message[] = [];
  const listener = (message: unknown) => void heard.push(message as Message);
  diagnostics.subscribe(name, listener);
  try {
    await work();
  } finally {
    diagnostics.unsubscribe(name, listener);
  }
  return heard;
}
