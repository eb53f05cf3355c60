export { checkRemoteLayer } from './check-remote-layer';
export { formatRemoteLayer } from './format-remote-layer';
export { remoteLayerChecks } from './remote-layer-checks';
export type * from './types';
