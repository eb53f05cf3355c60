/** A context manager that knows what is running and forgets it with the first `await`: what the check must notice. */
export function stackContextManager(root) {
  let current = root;
  const manager = {
    active: () => current,
    with(context, work, thisArg, ...args) {
      const before = current;
      current = context;
      try {
        return work.apply(thisArg, args);
      } finally {
        current = before;
      }
    },
    bind: (context, target) =>
      typeof target === 'function' ? (...args) => manager.with(context, target, undefined, ...args) : target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}
