export { type OpenApiComponents, type OpenApiResponse, problemComponents } from './problem-components';
export { problemResponses } from './problem-responses';
