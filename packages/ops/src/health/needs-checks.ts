import { expects } from '@unite/shared';
import { groupName } from './group-name';

/** The check of an option that names a group. */
export const needsChecks = {
  needs: expects('the name of a health group', (value) => typeof value === 'string' && groupName.test(value)),
};
