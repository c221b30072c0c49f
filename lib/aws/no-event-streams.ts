/**
 * Stands in for `@smithy/core/event-streams` in the bundles, 20 kB of each (measured): the SDK loads it for operations that stream events, and
 * no function calls one.
 */
export function EventStreamSerde(): never {
  throw new Error('operations that stream events are left out of the bundles');
}
