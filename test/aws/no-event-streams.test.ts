import * as sdk from '@smithy/core/event-streams';
import { expect, it } from 'vitest';
import * as ours from '../../lib/aws/no-event-streams.ts';

it('has of the SDK’s module what a protocol asks for, and says why it cannot be used', () => {
  for (const name of Object.keys(ours)) expect(sdk).toHaveProperty(name);
  expect(ours.EventStreamSerde).toThrow('left out of the bundles');
});
