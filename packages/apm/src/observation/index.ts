export { RouteStats } from './route-stats';
export { type ObservationHost, UniteObservation } from './unite-observation';
