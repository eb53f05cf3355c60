import { testProject } from '../../src/test-project';

testProject('ts-cjs');
