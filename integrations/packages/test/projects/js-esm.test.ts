import { testProject } from '../../src/test-project';

testProject('js-esm');
