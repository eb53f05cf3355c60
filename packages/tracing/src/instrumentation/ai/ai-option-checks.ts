import { expects, type OptionCheck } from '@unite/shared';
import { readField } from './read-field';

export const tracerCheck: OptionCheck = expects(
  'a tracer',
  (value) => typeof readField(value, 'startSpan') === 'function',
);
