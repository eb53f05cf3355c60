/**
 * State that exists once per process, whatever the number of module copies: Next.js loads a package
 * anew in `instrumentation.ts`, `proxy.ts` and each route, and ES modules and CommonJS are separate too.
 *
 * @param key of the symbol registry and versioned, such as `Symbol.for('unite.once.1')`
 * @param create makes the value the first time
 */
export function globalSlot<Value extends object>(key: symbol, create: () => Value): Value {
  const slots = globalThis as { [key: symbol]: Value | undefined };
  slots[key] ??= create();
  return slots[key];
}
