import { html, type Html } from './html.ts';
import { code, list, section } from './parts.ts';
import type { Told } from './request.ts';

/** What the account must allow beside the stack itself. */
export function launching({ request, explanation }: Told): Html {
  const paths = explanation.resources.flatMap(({ trust, facts }) =>
    trust.length === 0 ? [] : facts.filter(({ label }) => label === 'Path').map(({ value }) => value),
  );
  return section(
    'launch',
    'How to launch',
    list([
      html`In account ${code(request.buyerAccountId)}, Region ${code(request.region)}. CloudFormation asks to
      acknowledge IAM resources.`,
      html`Whoever launches from the seller’s link needs ${code('s3:GetObject')}: the template lies in a bucket of the
      seller’s. The command with the file ${code(request.templateFile)} does not need it.`,
      html`A resource control policy that forbids ${code('sts:AssumeRole')} from other accounts, and a service control
      policy that forbids ${code('license-manager:*')}, have to except the
      role${paths.map((path) => html` (path ${code(path)})`)}. Otherwise the stack fails, or its self-test says which
      permission is missing.`,
      html`If an e-mail address is given, AWS sends it “AWS Notification - Subscription Confirmation”. Its owner has
        <strong>two days</strong> to confirm; later, subscribe it to the topic again. Until then nobody is told by
        e-mail.`,
    ]),
  );
}
