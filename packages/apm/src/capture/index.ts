export { crashDirectory } from './crash-directory';
export { createErrorCapture, type ErrorCapture, type ErrorCaptureOptions } from './create-error-capture';
export { createRunMarker, type RunMarker, type RunMarkerOptions } from './create-run-marker';
export { lostRunError } from './lost-run-error';
export { type ChildProcessLike, watchChildProcess } from './watch-child-process';
export { type CrashRuntime, type WatchCrashesOptions, watchCrashes } from './watch-crashes';
export { type WorkerLike, watchWorker } from './watch-worker';
