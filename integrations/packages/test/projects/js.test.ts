import { testProject } from '../../src/test-project';

testProject('js-cjs');
