export * from './ai';
export { instrumentationsFor } from './instrumentations-for';
export { registerEsmHook } from './register-hooks';
export {
  UniteInstrumentation,
  type UniteInstrumentationOptions,
  type UniteInstrumentationStats,
} from './unite-instrumentation';
