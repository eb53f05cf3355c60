import { currentContext } from '@unite/core/context';
import { page } from '../lib/unite';

export default async function Page() {
  return <main>{await page(() => `page of ${currentContext()?.route}`)}</main>;
}
