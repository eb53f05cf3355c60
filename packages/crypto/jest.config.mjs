import { packageJest } from '../../jest.base.mjs';

export default packageJest();
