export * from './conformance';
export * from './hazards';
