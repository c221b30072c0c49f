import { describe, expect, test } from 'vitest';
import { allowedActions, explainTemplate } from '../../lib/seller/approval/explanation.ts';
import { parseTemplate } from '../../lib/seller/approval/template.ts';
import { buyerTemplate } from '../../lib/stacks/buyer/buyer-template.ts';
import {
  FAREWELL_RESOURCE,
  READING_ROLE_PATH,
  SESSION_NAME,
  SESSION_SECONDS,
} from '../../lib/messages/names.ts';
import { documentText, sectionOf, codeBlocks } from '../support/document.ts';
import { settingsContext } from '../support/settings-context.ts';

const TEXT = documentText('docs/for-buyers.md');
const template = parseTemplate(buyerTemplate({ 'license-watcher': settingsContext() }));
const { Parameters: parameters, Resources: resources } = template;

const actionsIn = (text: string): string[] =>
  [
    ...new Set([...text.matchAll(/`([a-z-]+:[A-Z]\w+)`/g)].map(([, action = '']) => action)),
  ].toSorted();

describe('what buyers are told', () => {
  const particulars = {
    ...{
      parameters: { WatcherAccountId: '111111111111', ExternalId: 'external-1' },
      sellerAccountId: '111111111111',
    },
    ...{
      buyerAccountId: '222222222222',
      region: 'us-east-1',
      partition: 'aws',
      stackName: 'license-watcher',
    },
  };
  const explanation = explainTemplate(template, particulars);

  test('announces every call that the role may make, so that any other is worth an alarm', () => {
    const watch = sectionOf(TEXT, 'how-to-watch-us');
    const [announced = ''] = /^This shows what sessions.*?Anything else/m.exec(watch) ?? [];
    const calls = [...announced.matchAll(/`([A-Z]\w+)`/g)].map(([, call]) => call);
    expect(calls.toSorted()).toEqual(
      allowedActions(explanation)
        .map((action) => action.split(':')[1])
        .toSorted(),
    );
    expect(watch).toContain(`:role${READING_ROLE_PATH}'`);
  });

  test('names every permission of the template, and no other', () => {
    const shared = explanation.resources.flatMap(({ type, sharing }) =>
      type === 'AWS::SNS::TopicPolicy'
        ? sharing.filter(({ effect }) => effect === 'Allow').flatMap(({ actions }) => actions)
        : [],
    );
    expect(actionsIn(sectionOf(TEXT, 'what-the-role-can-do'))).toEqual(
      [...new Set([...allowedActions(explanation), ...shared])].toSorted(),
    );
  });

  test('names every resource and every parameter', () => {
    for (const id of Object.keys(resources).filter(
      (each) => !/Policy$|Subscription\d?$/.test(each),
    ))
      expect(sectionOf(TEXT, 'what-is-created-in-your-account')).toContain(`\`${id}\``);
    const [update] = codeBlocks(sectionOf(TEXT, 'switching-parts-off'));
    const named = [...(update?.code ?? '').matchAll(/ParameterKey=(\w+)/g)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(Object.keys(parameters).toSorted());
  });

  test('has the names and spans of the watcher', () => {
    expect(TEXT).toContain(`\`${READING_ROLE_PATH}\``);
    expect(TEXT).toContain(
      `Sessions last ${SESSION_SECONDS / 60} minutes and are called \`${SESSION_NAME}\``,
    );
    const [farewell] =
      Object.entries(resources).find(([, { Type }]) => Type === FAREWELL_RESOURCE) ?? [];
    expect(TEXT).toContain(`--retain-resources ${farewell ?? 'nothing'}`);
  });
});
