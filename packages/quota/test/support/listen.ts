import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Everything that is said on a channel while a test lasts. */
export function listen<Message extends object>(name: string): { heard: Message[]; stop: () => void } {
  const heard: Message[] = [];
  const note = (message: unknown): void => void heard.push(message as Message);
  subscribe(name, note);
  return { heard, stop: () => unsubscribe(name, note) };
}
