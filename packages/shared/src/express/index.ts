export { emitInside } from './emit-inside';
export { routeReader } from './route-reader';
