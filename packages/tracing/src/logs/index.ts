export { traceFields } from './trace-fields';
export { traceMixin } from './trace-mixin';
