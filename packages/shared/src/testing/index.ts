export { calmMs } from './calm-ms';
export { cpuMs } from './cpu-ms';
export { type ManualClock, manualClock, settle } from './manual-clock';
export { selfSigned } from './self-signed';
