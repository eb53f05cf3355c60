export { type HiddenSourceMaps, type HideSourceMapsOptions, hideSourceMaps } from './hide-source-maps';
export { type LocalSourceMapsOptions, localSourceMaps } from './local-source-maps';
export type { SourceMaps } from './source-map-types';
