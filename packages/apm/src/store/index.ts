export { createEventStore, type EventStore, type EventStoreOptions } from './create-event-store';
