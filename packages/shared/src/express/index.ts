export { emitInside } from './emit-inside';
export { routeReader } from './route-reader';
export { trackRoute } from './track-route';
