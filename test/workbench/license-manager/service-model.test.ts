import * as client from '@aws-sdk/client-license-manager';
import { expect, test } from 'vitest';
import { OPERATIONS } from '../../../lib/workbench/license-manager/operations.ts';
import type { Shape } from '../../../lib/workbench/license-manager/shape.ts';
import { published, type Published } from '../../support/published-shape.ts';
import { schemasOf } from './stand-in.ts';

test.each(OPERATIONS.map((operation) => [operation.name, operation] as const))(
  'the table of %s is the published model',
  (name, { input }) => {
    const model = published(schemasOf(name).input) as Extract<Published, { members: unknown }>;
    const members = { ...model.members, ...NEWER[name] };
    expect(ofTable(input)).toEqual({ ...model, members });
    for (const values of enumsIn(input)) expect(ENUMS).toContainEqual(values);
  },
);

/** Members that AWS's model has, and the npm client's does not have yet. */
const NEWER: Readonly<Record<string, Readonly<Record<string, Published>>>> = {
  CreateLicenseVersion: { ResetUsage: 'boolean' },
};

const ENUMS = [
  client.ActivationOverrideBehavior,
  client.AllowedOperation,
  client.CheckoutType,
  client.EntitlementUnit,
  client.GrantStatus,
  client.LicenseStatus,
  client.RenewType,
].map((values) => Object.values(values).toSorted());

function ofTable(shape: Shape): Published {
  switch (shape.kind) {
    case 'integer':
    case 'long':
      return 'number';
    case 'string':
    case 'boolean':
      return shape.kind;
    case 'list':
      return [ofTable(shape.member)];
    case 'structure':
      return {
        required: shape.required.toSorted(),
        members: Object.fromEntries(
          Object.entries(shape.members).map(([name, member]) => [name, ofTable(member)]),
        ),
      };
  }
}

function enumsIn(shape: Shape): readonly (readonly string[])[] {
  if (shape.kind === 'string') return shape.values === undefined ? [] : [shape.values.toSorted()];
  if (shape.kind === 'list') return enumsIn(shape.member);
  return shape.kind === 'structure' ? Object.values(shape.members).flatMap(enumsIn) : [];
}
