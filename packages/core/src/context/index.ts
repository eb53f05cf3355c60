export { createContext } from './create-context';
export { currentContext } from './current-context';
export { deriveContext } from './derive-context';
export { runWithContext } from './run-with-context';
