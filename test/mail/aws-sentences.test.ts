import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import * as approval from '../../lib/seller/approval/page/aws-sentences.ts';
import * as commands from '../../lib/seller/cli/aws-sentences.ts';
import * as words from '../../lib/mail/aws-sentences.ts';
import { APPROVAL, COMMANDS, DOCUMENTS, TABLES, WORDS, type Source } from './aws-sources.ts';

const MODULES = [
  ['lib/mail/aws-sentences.ts', words, WORDS],
  ['lib/seller/approval/page/aws-sentences.ts', approval, APPROVAL],
  ['lib/seller/cli/aws-sentences.ts', commands, COMMANDS],
] as const;

/** Whatever people read: mails, ledgers, the approval page, the command line with its letter, the report. */
const SOURCES = globSync('lib/{domain,mail,seller}/**/*.ts').toSorted();

const textOf = (path: string): string => readFileSync(path, 'utf8');

describe.each(MODULES)('%s', (path, sentences, sources: Readonly<Record<string, Source>>) => {
  test('has a source for every sentence, and no other', () => {
    expect(Object.keys(sources).toSorted()).toEqual(Object.keys(sentences).toSorted());
  });

  test.each(Object.entries(sources))('%s names what can be looked up', (_id, { grade, where }) => {
    expect(where).not.toEqual([]);
    const pages = where.filter((each) => /^https:\/\/(docs\.)?aws\.amazon\.com\/\S+$/.test(each));
    if (grade === 'A' || grade === 'U') expect(pages).toEqual(where);
  });

  test('is said somewhere', () => {
    const others = SOURCES.map(textOf).join('\n');
    const own = textOf(path);
    const unsaid = Object.keys(sentences).filter(
      (id) => occurrences(others, id) - occurrences(own, id) === 0 && occurrences(own, id) < 2,
    );
    expect(unsaid).toEqual([]);
  });
});

describe.each(Object.entries(DOCUMENTS))('%s', (path, sources) => {
  const lines = textOf(path)
    .replaceAll(/^```.*?^```$/gms, '')
    .split('\n');

  test('says what has a source here', () => {
    const said = lines.join('\n');
    expect(Object.keys(sources).filter((words) => !said.includes(words))).toEqual([]);
  });

  test.each(Object.entries(sources))('%s: names what can be looked up', (_words, source) => {
    expect(source.where).not.toEqual([]);
    if (source.grade === 'A')
      for (const page of source.where)
        expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/\S+$/);
  });

  test('has a source for every line on Slack’s app and on drift', () => {
    const unsourced = lines.filter(
      (line) =>
        /@?Amazon Q\b|\/aws\/chatbot|[Dd]rift/.test(line) &&
        !Object.keys(sources).some((words) => line.includes(words)),
    );
    expect(unsourced).toEqual([]);
  });
});

test('what nobody says is said to be unknown', () => {
  const unsourced = MODULES.flatMap(
    ([, sentences, sources]: readonly [string, object, Readonly<Record<string, Source>>]) =>
      Object.entries(sentences).filter(([id]) => sources[id]?.grade === 'U'),
  );
  expect(unsourced.length).toBeGreaterThan(0);
  for (const [, sentence] of unsourced) expect(sentence).toMatch(/^AWS does not say/);
});

/** Services, and what only AWS can do to a license. */
const NAMES_AWS =
  /\b(?:AWS|Amazon|Marketplace|License Manager|CheckoutLicense|SNS|SQS|STS|IAM|CloudFormation|CloudTrail|CloudWatch|EventBridge|GuardDuty|DynamoDB|Lambda)\b|[Aa]uto-?renew|[Aa]mendment|instances or containers|goes on running/;

/** Things, and what AWS has just answered: they say nothing of what AWS does. Only what is in no sentence about it may stand here. */
const MENTIONS: readonly RegExp[] = [
  /license-manager:[A-Za-z]+/g,
  /AWS (?:account|credentials|session|CLI)\b/g,
  /AWS Marketplace buyers/g,
  /as (?:which )?SNS message|the SNS message ID/g,
  /CloudFormation stack\b/g,
  /from whom you have licenses through AWS Marketplace/g,
  /"AWS Notification - Subscription Confirmation"/g,
  /How to watch us in CloudTrail|With a trail and Amazon Athena/g,
  /Ask AWS Marketplace why/g,
  /AWS services that the role’s policies name/g,
  // What was just seen, or not.
  /AWS (?:itself )?says\b/g,
  /AWS or the watcher has (?:had )?trouble/g,
  /cause on our side or on that of AWS|ours or AWS’s to mend/g,
  /AWS (?:does not accept these credentials|cannot be reached|is throttling|did not let the watcher try)/g,
  /AWS knows no account|AWS does not know these buyers’ accounts/g,
  /what AWS answered|when AWS last seen|at AWS on|AWS does not say(?: when|, between two looks)|as AWS dates it/g,
  /nobody has followed the link in the mail that AWS sent/g,
  /the grant does not allow (?:both )?CheckoutLicense(?: and CheckInLicense)?/g,
  /AWS answered the last checkout with/g,
  /CloudFormation gave … the ID/g,
  /the product ID of the Marketplace management portal/g,
  /Find out who \(CloudTrail\)/g,
  /AWS’s console is not here|to speak to AWS|^AWS in …/g,
  /^they …: AWS (?:throttles|fails|answers what this version cannot read)$/g,
  /^AWS does not take the filter by the time of the last change$/g,
  /^As AWS said it on …\.$/g,
  /^AWS's event says:$|^AWS lists it:$|^AWS (?:issued an|resolved its) advisory$/g,
  // Told under another name where it is told: oneOfSeveral.
  /CheckoutLicense chooses one of several licenses, and nobody can say which/g,
  /AWS chooses from which it takes a unit/g,
  /What mail programs and Amazon SNS do to a mail is undone/g,
];

describe('a sentence that names AWS', () => {
  const allowed = (path: string): boolean =>
    path.endsWith('/aws-sentences.ts') || TABLES[path] !== undefined;

  test.each(SOURCES.filter((path) => !allowed(path)))('does not stand in %s', (path) => {
    const found = textsIn(path).filter((text) => {
      const rest = MENTIONS.reduce(
        (left, mention) => left.replaceAll(mention, ''),
        text.replaceAll(/\s+/g, ' '),
      );
      return NAMES_AWS.test(rest);
    });
    expect(found).toEqual([]);
  });

  test('is found in plain text, in templates, in markup and in parts of them', () => {
    const source =
      "const x = ['AWS renews it.', `AWS ${a} it`, html`<p>In ${b} SNS forgets.</p>`, 'AWS::SNS::Topic', 'ours'];";
    expect(textsOf(source).filter((text) => NAMES_AWS.test(text))).toEqual([
      'AWS renews it.',
      'AWS … it',
      '<p>In … SNS forgets.</p>',
    ]);
  });
});

/** Texts with a blank in them: sentences and their parts; no names of modules, types or events. */
function textsIn(path: string): readonly string[] {
  return textsOf(textOf(path));
}

function textsOf(code: string): readonly string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node))
      texts.push(
        [node.head.text, ...node.templateSpans.map(({ literal }) => `…${literal.text}`)].join(''),
      );
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('x.ts', code, ts.ScriptTarget.Latest, true));
  return texts.filter((text) => /\s/.test(text.trim()));
}

function occurrences(text: string, id: string): number {
  return text.match(new RegExp(`\\b${id}\\b`, 'g'))?.length ?? 0;
}
