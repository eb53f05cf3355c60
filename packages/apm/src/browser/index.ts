export type * from './browser-types';
export { startBrowserApm } from './start-browser-apm';
