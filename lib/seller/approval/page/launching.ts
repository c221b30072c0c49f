import {
  acknowledges,
  CONFIRMATION_MAIL,
  confirmAgainstScanners,
  linkNeedsGetObject,
  policiesThatKeepOut,
  publishesAsLauncher,
} from './aws-sentences.ts';
import type { Html } from './html.ts';
import { list, section } from './parts.ts';
import type { PageInput } from './request.ts';

/** What the account must allow besides the stack itself. */
export function launching({ request, explanation }: PageInput): Html {
  const paths = explanation.resources.flatMap(({ trust, facts }) =>
    trust.length === 0
      ? []
      : facts.filter(({ label }) => label === 'Path').map(({ value }) => value),
  );
  return section(
    'launch',
    'How to launch',
    list([
      acknowledges(request.buyerAccountId, request.region),
      linkNeedsGetObject(request.templateFile),
      publishesAsLauncher(topicsOfMessages(explanation)),
      policiesThatKeepOut(paths),
      CONFIRMATION_MAIL,
      confirmAgainstScanners(request.region),
    ]),
  );
}

function topicsOfMessages({ resources }: PageInput['explanation']): readonly string[] {
  const facts = resources.flatMap(({ facts: all }) =>
    all.filter(({ label }) => label === 'ServiceToken'),
  );
  return [...new Set(facts.map(({ value }) => value))].toSorted();
}
