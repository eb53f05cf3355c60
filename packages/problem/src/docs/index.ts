export { problemPage } from './problem-page';
