import { describe, expect, it } from 'vitest';
import { watcherStackOutputs } from '../../../lib/seller/aws/watcher-stack-outputs.ts';
import { WATCHER_OUTPUTS } from '../../../lib/messages/names.ts';

const REQUIRED = Object.values(WATCHER_OUTPUTS).filter((key) => !key.startsWith('Template'));

const VIEWER = {
  id: 'viewer',
  name: 'Example Viewer',
  contact: 'support@example.com',
  reminderDays: [30, 7],
};

function deployed(outputs: Readonly<Record<string, string>>) {
  const all = {
    ...Object.fromEntries(REQUIRED.map((key) => [key, `the ${key}`])),
    ...{ Products: 'viewer', Product1: JSON.stringify(VIEWER) },
    ...outputs,
  };
  const stack = {
    StackId: 'arn:aws:cloudformation:us-east-1:111111111111:stack/LicenseWatcher/1',
    StackStatus: 'UPDATE_COMPLETE',
    Outputs: Object.entries(all).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
  };
  const send = () => Promise.resolve({ Stacks: [stack] });
  return watcherStackOutputs({ send }, 'default', 'us-east-1');
}

describe('the hosted template', () => {
  it.each(['invited', 'public'])('is found with who may read it: %s', async (TemplateAccess) => {
    const { templates, partition } = await deployed({
      TemplateBucketName: 'bucket',
      TemplateAccess,
    });
    expect(templates).toStrictEqual({ bucket: 'bucket', access: TemplateAccess });
    expect(partition).toBe('aws');
  });

  it('is none where the deployed stack is older, or says what this version does not know', async () => {
    expect((await deployed({})).templates).toBeUndefined();
    const stranger = await deployed({ TemplateBucketName: 'bucket', TemplateAccess: 'friends' });
    expect(stranger.templates).toBeUndefined();
  });
});

describe('the seller, as buyers are to know it', () => {
  it('is the settings of what is deployed', async () => {
    const farm = { id: 'farm', name: 'Render, "Farm"', contact: 'https://example.com/help' };
    const { seller } = await deployed({
      SellerName: 'Example Software',
      SecurityContact: 'none',
      Products: 'viewer,farm',
      Product2: JSON.stringify(farm),
    });
    expect(seller).toStrictEqual({
      name: 'Example Software',
      securityContact: null,
      products: [VIEWER, farm],
    });
    const { seller: another } = await deployed({ SecurityContact: 'security@example.com' });
    expect(another.securityContact).toBe('security@example.com');
  });
});
