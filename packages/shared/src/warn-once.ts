import { openChannel } from './channel';
import { globalSlot } from './global-slot';

/**
 * Says a misuse once per code and process: on the channel `unite:warning`, where an application's
 * logger may listen, and as a process warning of type `UniteWarning`. Packages never log.
 */
export function warnOnce(code: string, message: string): void {
  const said = globalSlot(Symbol.for('unite.warned.1'), () => new Set<string>());
  if (said.has(code)) return;
  said.add(code);
  openChannel('unite:warning')?.publish({ code, message });
  if (typeof globalThis.process?.emitWarning === 'function') {
    process.emitWarning(message, { type: 'UniteWarning', code });
  } else {
    // biome-ignore lint/suspicious/noConsole: browsers and edge runtimes have no other place for a warning
    console.warn(`UniteWarning [${code}]: ${message}`);
  }
}
