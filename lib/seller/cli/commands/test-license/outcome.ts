import type { Instant } from '../../../../domain/time.ts';
import type { TestGrant } from '../../../aws/test-licenses.ts';
import type { LocalEndpoint } from '../../command.ts';
import { timeText } from '../../output/moment.ts';
import { fact, shellQuoted, wrapped } from '../../output/text.ts';
import { termsText } from './entitlements.ts';
import type { Situation, State, TestLicenseStep, Goal } from './plan.ts';

/** A call that was made, and what it was about. */
export interface Done {
  readonly call: string;
  readonly about: string;
}

export interface Outcome {
  readonly buyerAccountId: string;
  readonly productId: string;
  readonly goal: Goal;
  /** As AWS showed it last. */
  readonly situation: Situation;
  readonly done: readonly Done[];
  /** The next step, which is not ours to take, or `nothing`. */
  readonly last: TestLicenseStep;
  /** True if the watcher looks at the buyer's licenses of this product. */
  readonly isWatched: boolean;
  readonly now: Instant;
  readonly local: LocalEndpoint;
  readonly region: string;
}

export function doneOf(
  step: Exclude<TestLicenseStep, { readonly do: 'nothing' }>,
  { license }: Situation,
): Done {
  const arn = license?.licenseArn ?? '';
  switch (step.do) {
    case 'create':
      return { call: 'CreateLicense', about: termsOf(step.terms) };
    case 'grant':
      return { call: 'CreateGrant', about: `of ${arn}` };
    case 'new-version':
      return { call: 'CreateLicenseVersion', about: termsOf(step.terms) };
    case 'delete-license':
      return { call: 'DeleteLicense', about: arn };
    case 'delete-grant':
      return { call: 'DeleteGrant', about: step.grant.grantArn };
    case 'accept':
      return { call: 'AcceptGrant', about: `as the buyer, ${step.grant.grantArn}` };
    case 'activate':
      return { call: 'CreateGrantVersion', about: 'as the buyer, Status ACTIVE' };
  }
}

function termsOf({ end, entitlements }: NonNullable<Situation['license']>['terms']): string {
  return `${termsText(entitlements)}, ${end === null ? 'without an end' : `until ${timeText(end)}`}`;
}

/** The same for the same grant and version, so that a repeated activation counts once. */
export function activationToken({ grantArn, version }: TestGrant): string {
  return `activate-${grantArn.slice(grantArn.lastIndexOf(':') + 1)}-${version}`;
}

/** What the buyer runs: commands for a POSIX shell, with the buyer's credentials. */
function buyerCommands({ last, region, local }: Outcome): readonly string[] {
  if (last.do !== 'accept' && last.do !== 'activate') return [];
  const { grant } = last;
  const command = (name: string, ...options: readonly string[]): string =>
    [
      `aws license-manager ${name} --region ${region}`,
      ...(local === undefined ? [] : [`--endpoint-url ${shellQuoted(local)}`]),
      `--grant-arn ${shellQuoted(grant.grantArn)}`,
      ...options,
    ].join(' \\\n  ');
  const activate = command(
    'create-grant-version',
    '--status ACTIVE',
    `--client-token ${shellQuoted(activationToken(grant))}`,
  );
  return last.do === 'accept' ? [command('accept-grant'), activate] : [activate];
}

const STATE_WORDS: Readonly<Record<State | 'accept' | 'activate', string>> = {
  accept: 'granted: the buyer accepts and activates it',
  activate: 'accepted: the buyer activates it',
  active: 'active: the watcher can see it',
  ended: 'ended',
  deleted: 'deleted, and its grant with it',
  none: 'there is none',
  pending: 'not visible yet',
  unclear: 'the grant has an unknown status',
};

function stateOf({ last }: Outcome): State | 'accept' | 'activate' {
  if (last.do === 'nothing') return last.state;
  if (last.do === 'accept' || last.do === 'activate') return last.do;
  throw new Error(`${last.do} was left undone`);
}

/** The next thing to do, as a command or in words. */
function next(outcome: Outcome): readonly string[] {
  const { buyerAccountId, productId, isWatched, local } = outcome;
  const us = local === undefined ? 'license-watcher' : 'license-watcher --local';
  const again = `${us} test-license ${buyerAccountId} ${productId}`;
  const look = isWatched
    ? `${us} check ${buyerAccountId}`
    : `${us} invite ${buyerAccountId} --product ${productId} --name <name> --email <address>`;
  switch (stateOf(outcome)) {
    case 'accept':
    case 'activate':
      return [local === undefined ? again : `${again} --as-buyer`];
    case 'pending':
    case 'unclear':
      return [again];
    case 'active':
      return [look, ...(isWatched ? [`${again} --amend`, `${again} --end`] : [])];
    case 'ended':
      return [look, `${again} --amend --days 30`, `${again} --delete`];
    case 'deleted':
      return [look];
    case 'none':
      return [again];
  }
}

/** The outcome for a person. Commands stand alone, to be copied. */
export function lines(outcome: Outcome): readonly string[] {
  const { buyerAccountId, productId, situation, done } = outcome;
  const { license } = situation;
  const commands = buyerCommands(outcome);
  return [
    ...wrapped(`Test license of ${productId} for ${buyerAccountId}`),
    ...fact('license', license?.licenseArn ?? null),
    ...fact('terms', license === undefined ? null : termsOf(license.terms)),
    ...done.flatMap(({ call, about }) => fact('done', `${call}: ${about}`)),
    ...fact('now', STATE_WORDS[stateOf(outcome)]),
    ...(commands.length === 0
      ? []
      : ['', `In the account ${buyerAccountId}:`, ...commands.flatMap((each) => ['', each])]),
    '',
    'Then:',
    ...next(outcome).map((command) => `  ${command}`),
  ];
}

/** Members are added, never renamed or removed. */
export function machineForm(outcome: Outcome) {
  const { buyerAccountId, productId, situation, done, last } = outcome;
  const { license, grants } = situation;
  const grant = 'grant' in last ? last.grant : grants.at(-1);
  return {
    account: buyerAccountId,
    product: productId,
    licenseArn: license?.licenseArn ?? null,
    grantArn: grant?.grantArn ?? null,
    entitlements: license?.terms.entitlements ?? [],
    end: license?.terms.end ?? null,
    state: stateOf(outcome),
    done,
    buyerCommands: buyerCommands(outcome),
    next: next(outcome),
  };
}
