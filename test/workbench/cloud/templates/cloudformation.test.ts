import { describe, expect, it } from 'vitest';
import { CloudClock } from '../../../../lib/workbench/cloud/clock.ts';
import type {
  CreatedResource,
  Properties,
  ResourceHandler,
} from '../../../../lib/workbench/cloud/resource.ts';
import {
  CloudFormation,
  type StackRequest,
} from '../../../../lib/workbench/cloud/templates/cloudformation.ts';
import { CustomResources } from '../../../../lib/workbench/cloud/templates/custom-resources.ts';
import type { Stack } from '../../../../lib/workbench/cloud/templates/stack.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const buyer = {
  kind: 'root',
  accountId: '222222222222',
  arn: 'arn:aws:iam::222222222222:root',
} as const;

/** A resource type that does as its properties say, and a diary of what was done. */
function workbench() {
  const diary: string[] = [];
  const clock = new CloudClock(START);
  const thing: ResourceHandler = {
    type: 'Test::A::Thing',
    properties: 'Name Size Fails Stuck',
    put: (properties, { logicalId }, current) => {
      if (properties['Fails'] === 'true') throw new Error('as declared');
      const isChange = current !== undefined;
      diary.push(
        isChange ? `update ${logicalId} to ${String(properties['Size'])}` : `create ${logicalId}`,
      );
      const { physicalId, attributes } = made(properties, logicalId);
      const isSame = isChange && properties['Name'] === undefined;
      return { physicalId: isSame ? current.physicalId : physicalId, attributes };
    },
    remove: ({ physicalId, properties }) => {
      if (properties['Stuck'] === 'true') throw new Error('stuck');
      diary.push(`remove ${physicalId}`);
    },
  };
  const requests: Record<string, string>[] = [];
  const customResources = new CustomResources({
    clock,
    publish: (_topic, message) => {
      requests.push(JSON.parse(message) as Record<string, string>);
      return Promise.resolve();
    },
  });
  const cloudFormation = new CloudFormation({
    clock,
    region: 'us-east-1',
    handlers: [thing],
    customResources,
    asset: (key) => key,
    ssm: {},
  });
  const answer = (
    index: number,
    fields: Record<string, unknown>,
    forge = (url: string): string => url,
  ): number => {
    const { ResponseURL: url = '', StackId, RequestId, LogicalResourceId } = requests[index] ?? {};
    return customResources.answer(
      forge(url),
      JSON.stringify({ StackId, RequestId, LogicalResourceId, ...fields }),
    );
  };
  return { diary, clock, cloudFormation, requests, answer };
}

function made(properties: Properties, logicalId: string): CreatedResource {
  const name =
    typeof properties['Name'] === 'string' ? properties['Name'] : logicalId.toLowerCase();
  return { physicalId: name, attributes: { Arn: `arn:test:${name}` } };
}

function request(template: object, more: Partial<StackRequest> = {}): StackRequest {
  return {
    stackName: 'stack',
    template: JSON.stringify(template),
    parameters: {},
    capabilities: [],
    ...more,
  };
}

const thing = (properties: object = {}, more: object = {}) => ({
  Type: 'Test::A::Thing',
  Properties: properties,
  ...more,
});

async function deployed(
  bench: ReturnType<typeof workbench>,
  template: object,
  more: Partial<StackRequest> = {},
): Promise<Stack> {
  const stack = bench.cloudFormation.createStack(buyer, request(template, more));
  await bench.cloudFormation.done(stack);
  return stack;
}

describe('a stack that is created', () => {
  it('makes each resource after what it refers to, and resolves outputs', async () => {
    const bench = workbench();
    const stack = await deployed(bench, {
      Resources: {
        First: thing({ Name: { 'Fn::Sub': 'of-${Second}-in-${AWS::AccountId}' } }),
        Second: thing({}, { DependsOn: 'Third' }),
        Third: thing({ Size: { Ref: 'AWS::NoValue' } }),
      },
      Outputs: {
        Where: {
          Value: {
            'Fn::Join': ['|', [{ 'Fn::GetAtt': ['First', 'Arn'] }, { Ref: 'AWS::Region' }]],
          },
        },
      },
    });
    expect(stack.status).toBe('CREATE_COMPLETE');
    expect(bench.diary).toEqual(['create Third', 'create Second', 'create First']);
    expect(stack.outputs).toEqual({ Where: 'arn:test:of-second-in-222222222222|us-east-1' });
  });

  it('leaves out what its condition excludes', async () => {
    const bench = workbench();
    const template = {
      Parameters: { Wanted: { Type: 'String', AllowedValues: ['yes', 'no'] } },
      Conditions: {
        IsWanted: {
          'Fn::And': [
            { 'Fn::Equals': [{ Ref: 'Wanted' }, 'yes'] },
            { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] },
          ],
        },
      },
      Resources: {
        Always: thing({ Name: { 'Fn::If': ['IsWanted', 'big', 'small'] } }),
        Maybe: thing({}, { Condition: 'IsWanted' }),
      },
    };
    await deployed(bench, template, { parameters: { Wanted: 'no' } });
    expect(bench.diary).toEqual(['create Always']);
    expect(
      bench.cloudFormation.find(buyer.accountId, 'stack')?.resources.get('Always')?.physicalId,
    ).toBe('small');
  });

  it('removes what it made when a resource fails, the last first', async () => {
    const bench = workbench();
    const stack = await deployed(bench, {
      Resources: { A: thing(), B: thing(), C: thing({ Fails: 'true' }, { DependsOn: ['A', 'B'] }) },
    });
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(stack.statusReason).toBe('The following resource(s) failed to create: [C]. as declared');
    expect(bench.diary.slice(2)).toEqual(['remove b', 'remove a']);
  });
});

describe('what CloudFormation refuses before it starts', () => {
  it.each([
    [
      'another type',
      { Resources: { A: { Type: 'AWS::EC2::Instance' } } },
      {},
      /does not know the resource type AWS::EC2::Instance; it knows Test::A::Thing/,
    ],
    ['another section', { Transform: 'x', Resources: { A: thing() } }, {}, /section Transform/],
    ['no resources', { Resources: {} }, {}, /At least one Resources member/],
    [
      'another attribute',
      { Resources: { A: thing({}, { CreationPolicy: {} }) } },
      {},
      /attribute CreationPolicy of resource A/,
    ],
    [
      'a circle',
      { Resources: { A: thing({ Name: { Ref: 'B' } }), B: thing({ Name: { Ref: 'A' } }) } },
      {},
      /Circular dependency/,
    ],
    [
      'a missing parameter',
      { Parameters: { P: { Type: 'String' } }, Resources: { A: thing() } },
      {},
      /Parameters: \[P\] must have values/,
    ],
    [
      'a strange parameter',
      { Resources: { A: thing() } },
      { parameters: { X: '1' } },
      /Parameters: \[X\] do not exist/,
    ],
    [
      'a value against the pattern',
      {
        Parameters: {
          P: { Type: 'String', AllowedPattern: '\\d{12}', ConstraintDescription: 'an account ID' },
        },
        Resources: { A: thing() },
      },
      { parameters: { P: '12' } },
      /Parameter 'P' failed to satisfy constraint: an account ID/,
    ],
    [
      'a rule',
      {
        Parameters: { P: { Type: 'String', Default: 'x' } },
        Rules: {
          R: {
            Assertions: [
              {
                Assert: { 'Fn::Contains': [['us-east-1'], { Ref: 'P' }] },
                AssertDescription: 'deploy it in us-east-1',
              },
            ],
          },
        },
        Resources: { A: thing() },
      },
      {},
      /Template validation error: deploy it in us-east-1/,
    ],
  ])('%s', (_name, template, more, message) => {
    expect(() => workbench().cloudFormation.createStack(buyer, request(template, more))).toThrow(
      message,
    );
  });

  it('a second stack of the same name in the same account, not in another', async () => {
    const bench = workbench();
    await deployed(bench, { Resources: { A: thing() } });
    expect(() =>
      bench.cloudFormation.createStack(buyer, request({ Resources: { A: thing() } })),
    ).toThrow(/already exists/);
    const other = {
      kind: 'root',
      accountId: '333333333333',
      arn: 'arn:aws:iam::333333333333:root',
    } as const;
    expect(
      bench.cloudFormation.createStack(other, request({ Resources: { A: thing() } })).accountId,
    ).toBe('333333333333');
  });
});

it('fails a stack whose template uses a property or an intrinsic that is not known', async () => {
  const property = await deployed(workbench(), { Resources: { A: thing({ Colour: 'red' }) } });
  expect(property.statusReason).toMatch(
    /does not know the property Colour of Test::A::Thing \(A\); it knows Name, Size/,
  );
  const intrinsic = await deployed(workbench(), {
    Resources: { A: thing({ Name: { 'Fn::ImportValue': 'x' } }) },
  });
  expect(intrinsic.statusReason).toMatch(/the intrinsic Fn::ImportValue is not known/);
});

describe('a stack that is updated', () => {
  const template = { Resources: { A: thing({ Size: '1' }), Gone: thing() } };
  const update = async (bench: ReturnType<typeof workbench>, next: object) => {
    const stack = bench.cloudFormation.updateStack(buyer, request(next));
    await bench.cloudFormation.done(stack);
    return stack;
  };

  it('touches only what differs, and removes what is gone at the end', async () => {
    const bench = workbench();
    await deployed(bench, template);
    bench.diary.length = 0;
    const stack = await update(bench, { Resources: { A: thing({ Size: '2' }), New: thing() } });
    expect(stack.status).toBe('UPDATE_COMPLETE');
    expect(bench.diary).toEqual(['update A to 2', 'create New', 'remove gone']);
  });

  it('removes the old resource only after the new one exists', async () => {
    const bench = workbench();
    await deployed(bench, template);
    bench.diary.length = 0;
    await update(bench, { Resources: { A: thing({ Size: '1', Name: 'other' }), Gone: thing() } });
    expect(bench.diary).toEqual(['update A to 1', 'remove a']);
  });

  it('goes back to where it was when a resource fails', async () => {
    const bench = workbench();
    await deployed(bench, template);
    bench.diary.length = 0;
    const stack = await update(bench, {
      Resources: { A: thing({ Size: '2' }), New: thing(), Bad: thing({ Fails: 'true' }) },
    });
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.statusReason).toContain('[Bad]');
    expect(bench.diary).toEqual(['update A to 2', 'create New', 'remove new', 'update A to 1']);
    expect([...stack.resources.keys()]).toEqual(['A', 'Gone']);
  });
});

describe('a stack that is deleted', () => {
  it('removes the last first and leaves what is retained', async () => {
    const bench = workbench();
    const stack = await deployed(bench, {
      Resources: {
        A: thing(),
        Kept: thing({}, { DeletionPolicy: 'Retain' }),
        B: thing({ Name: { 'Fn::Sub': 'b-of-${A}' } }),
      },
    });
    bench.diary.length = 0;
    bench.cloudFormation.deleteStack(buyer.accountId, 'stack');
    await bench.cloudFormation.done(stack);
    expect(stack.status).toBe('DELETE_COMPLETE');
    expect(bench.diary).toEqual(['remove b-of-a', 'remove a']);
    expect(bench.cloudFormation.find(buyer.accountId, 'stack')).toBeUndefined();
    expect(bench.cloudFormation.find(buyer.accountId, stack.id)).toBe(stack);
  });

  it('says what could not be removed, and leaves it alone if that is asked for then', async () => {
    const bench = workbench();
    const stack = await deployed(bench, { Resources: { A: thing({ Stuck: 'true' }), B: thing() } });
    const remove = (retained: readonly string[] = []) => {
      bench.cloudFormation.deleteStack(buyer.accountId, 'stack', retained);
      return bench.cloudFormation.done(stack);
    };
    expect(() => remove(['A'])).toThrow('only when the stack is in the DELETE_FAILED state');
    await remove();
    expect([stack.status, stack.statusReason]).toEqual(['DELETE_FAILED', 'A: stuck']);
    await remove(['A']);
    expect(stack.status).toBe('DELETE_COMPLETE');
  });
});

describe('a custom resource', () => {
  const template = {
    Resources: {
      Hello: {
        Type: 'Custom::Hello',
        Properties: { ServiceToken: 'arn:topic', ServiceTimeout: 300, Count: 3 },
      },
    },
    Outputs: { Words: { Value: { 'Fn::GetAtt': ['Hello', 'Words'] } } },
  };
  const waiting = async (bench: ReturnType<typeof workbench>) => {
    const stack = bench.cloudFormation.createStack(buyer, request(template));
    await bench.clock.settled();
    return stack;
  };

  it('hands over its request as CloudFormation does and takes the answer’s attributes', async () => {
    const bench = workbench();
    const stack = await waiting(bench);
    expect(bench.requests[0]).toMatchObject({
      RequestType: 'Create',
      LogicalResourceId: 'Hello',
      ResourceType: 'Custom::Hello',
      StackId: stack.id,
      ResourceProperties: { ServiceToken: 'arn:topic', Count: '3' },
    });
    expect(bench.requests[0]?.['ResponseURL']).toMatch(
      /^https:\/\/cloudformation-custom-resource-response-useast1\.s3\.amazonaws\.com\/arn%3Aaws%3Acloudformation%3Aus-east-1%3A222222222222%3Astack\/stack\/[0-9a-f-]{36}%7CHello%7C[0-9a-f-]{36}\?/,
    );
    const forgeries: readonly ((url: string) => string)[] = [
      (url) => url.replace(/Signature=.*/, 'Signature=local'),
      (url) => url.replace(/Expires=\d+/, 'Expires=99999999999'),
      (url) => url.replace('%7CHello%7C', '%7CHallo%7C'),
      (url) => url.split('?')[0] ?? '',
    ];
    for (const forge of forgeries)
      expect(bench.answer(0, { Status: 'SUCCESS', PhysicalResourceId: 'x' }, forge)).toBe(403);
    expect(
      bench.answer(0, {
        Status: 'SUCCESS',
        PhysicalResourceId: 'hello-1',
        Data: { Words: 'good day' },
      }),
    ).toBe(200);
    // Whatever answered may still be busy: CloudFormation goes on afterwards.
    expect(stack.status).toBe('CREATE_IN_PROGRESS');
    await bench.clock.settled();
    await bench.cloudFormation.done(stack);
    expect(stack.outputs).toEqual({ Words: 'good day' });
    // The bucket takes it once more, as its signature is still good; nobody waits for it.
    expect(bench.answer(0, { Status: 'FAILED' })).toBe(200);
    await bench.clock.settled();
    expect(stack.status).toBe('CREATE_COMPLETE');
    await bench.clock.advanceTo(bench.clock.now() + 7_201_000);
    expect(bench.answer(0, { Status: 'SUCCESS' })).toBe(403);
  });

  it('that fails rolls the stack back, and is sent its Delete if it named itself', async () => {
    const bench = workbench();
    const stack = await waiting(bench);
    bench.answer(0, { Status: 'FAILED', Reason: 'no invitation', PhysicalResourceId: 'hello-1' });
    await bench.clock.settled();
    expect(bench.requests[1]).toMatchObject({
      RequestType: 'Delete',
      PhysicalResourceId: 'hello-1',
    });
    bench.answer(1, { Status: 'SUCCESS', PhysicalResourceId: 'hello-1' });
    await bench.clock.settled();
    await bench.cloudFormation.done(stack);
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(stack.statusReason).toContain('no invitation');
  });

  it('that never answers fails after its own time, by the cloud’s clock', async () => {
    const bench = workbench();
    const stack = await waiting(bench);
    await bench.clock.advanceTo(START + 299_000);
    expect(stack.status).toBe('CREATE_IN_PROGRESS');
    await bench.clock.advanceTo(START + 301_000);
    await bench.cloudFormation.done(stack);
    expect(stack.status).toBe('ROLLBACK_COMPLETE');
    expect(stack.statusReason).toMatch(
      /did not receive a response from your Custom Resource.*within 300 seconds/,
    );
  });
});
