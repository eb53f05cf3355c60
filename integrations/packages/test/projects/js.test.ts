import { testProjects } from '../../src/test-projects';

testProjects('js');
