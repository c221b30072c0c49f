import type { Buyer } from '../../../../domain/registration/buyer.ts';
import type { LocalEndpoint } from '../../command.ts';
import type { Io } from '../../io.ts';
import { CommandFailure } from '../../output/failure.ts';
import { wrapped } from '../../output/text.ts';
import type { Prefilled } from './invitation.ts';
import {
  type InvitationContext,
  type InvitationPackage,
  joinedProblems,
  machineForm,
  type Preparation,
  writePackages,
} from './package.ts';
import { TEMPLATE_COMMAND, TEMPLATE_FILE } from './template.ts';

/** Writes and prints what one buyer is to be sent. Throws if that is not all that it should be. */
export async function printPackage(
  stored: { readonly buyer: Buyer; readonly prefilled: Prefilled },
  preparation: Preparation,
  context: InvitationContext,
  json: boolean,
): Promise<void> {
  const { io, local } = context;
  const { written, problem, hints } = await writePackages([stored], preparation, context);
  const problems = joinedProblems([problem, ...written.map((each) => each.problem)]);
  for (const each of written) {
    if (json) io.printJson(machineForm(stored.buyer, each, problems));
    else printInvitation(stored.buyer, each.contents, local, io);
  }
  for (const hint of hints) io.stderr(`\n${hint}\n`);
  if (problems !== null) throw new CommandFailure(problems);
}

/** On a terminal the two streams together show the letter; standard output alone is the command. */
function printInvitation(
  buyer: Buyer,
  { letter, paths }: InvitationPackage,
  local: LocalEndpoint,
  io: Io,
): void {
  const whom = `${buyer.buyerAccountId} (${buyer.name}) for ${buyer.productIds.join(', ')}`;
  const what =
    buyer.status === 'invited' ? `Invited ${whom}.` : `The letter for ${whom}, ${buyer.status}.`;
  io.stderr(`${wrapped(what).join('\n')}\n`);
  if (paths.letterHtml !== null) io.stderr(`The letter as HTML: ${paths.letterHtml}\n`);
  if (paths.approvalPage !== null)
    io.stderr(`For the buyer’s security team: ${paths.approvalPage}\n`);
  if (paths.template !== null) io.stderr(`The template, to attach: ${paths.template}\n`);
  else if (local === undefined)
    io.stderr(`The template, to attach as ${TEMPLATE_FILE}:\n  ${TEMPLATE_COMMAND}\n`);
  io.stderr(
    local === undefined ? 'Send this to the buyer:\n\n' : 'A buyer would be sent this:\n\n',
  );
  io.stderr(letter.before);
  io.stdout(`${letter.command}\n`);
  io.stderr(letter.after);
}
