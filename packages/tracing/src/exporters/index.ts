export type { ExportPipeline } from '../pipeline-types';
export type { FlushReport } from '../types';
export { type ConsoleTreeOptions, consoleTree } from './console-tree';
export { createExportPipeline, type ExportPipelineOptions } from './export-pipeline';
export type * from './exporter-types';
export { type FileOptions, file } from './file';
export { otlp } from './otlp';
