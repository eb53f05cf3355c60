export * from './hazards';
