export type { RulesFile, RulesOptions } from '../rules/rules-types';
export type * from './config-types';
export { defineConfig } from './define-config';
export { loadConfig } from './load-config';
