import type { Buyer } from '../../../../domain/registration/buyer.ts';
import type { LocalEndpoint } from '../../command.ts';
import { CommandFailure } from '../../output/failure.ts';
import type { Io, Watcher } from '../../io.ts';
import { TEMPLATE_COMMAND, TEMPLATE_FILE } from './buyer-template.ts';
import { emailOf, nameOf, productsOf, warnOfProductCodes } from './checks.ts';
import { deliver, joined, prepare } from './delivery.ts';
import { invited, store, type Invitee } from './invitation.ts';
import { machineForm } from './machine-form.ts';
import type { SendOff } from './send-off.ts';

export interface InviteOptions {
  readonly name: string;
  readonly product: readonly string[];
  readonly email?: string;
  readonly renew?: boolean;
  readonly out?: string;
  readonly approval?: string | false;
  readonly json?: boolean;
}

/** Stores the invitation of one buyer and prints what the buyer is to be sent. */
export async function invite(
  accountId: string,
  options: InviteOptions,
  watcher: Watcher,
  local: LocalEndpoint,
  io: Io,
): Promise<void> {
  const invitee = inviteeOf(accountId, options, watcher);
  warnOfProductCodes(invitee.productIds, watcher, io);
  const previous = await watcher.buyers.find(invitee.accountId);
  const buyer = invited(previous, invitee, options.renew ?? false, io);
  if (buyer.status === 'active') {
    await store(watcher, buyer, previous);
    speakOfActive(buyer, options, io);
    return;
  }
  const place = {
    watcher,
    local,
    destination: { folder: options.out, approval: options.approval },
    io,
  };
  const preparation = await prepare(place);
  await store(watcher, buyer, previous);
  const { delivered, problem, hints } = await deliver(
    [{ buyer, email: invitee.email }],
    preparation,
    place,
  );
  const problems = joined([problem, ...delivered.map((each) => each.problem)]);
  for (const each of delivered) {
    if (options.json === true)
      io.stdout(`${JSON.stringify(machineForm(buyer, each, problems), undefined, 2)}\n`);
    else speak(buyer, each.sendOff, local, io);
  }
  for (const hint of hints) io.stderr(`\n${hint}\n`);
  if (problems !== null) throw new CommandFailure(problems);
}

function inviteeOf(
  accountId: string,
  { name, product, email }: InviteOptions,
  watcher: Watcher,
): Invitee {
  return {
    accountId,
    name: nameOf(name, '--name'),
    productIds: productsOf(product, watcher.productIds, '--product'),
    email: email === undefined ? undefined : emailOf(email, '--email'),
  };
}

function speakOfActive(buyer: Buyer, { json }: InviteOptions, io: Io): void {
  const { buyerAccountId, name, productIds } = buyer;
  if (json === true) {
    io.stdout(`${JSON.stringify(machineForm(buyer, undefined, null), undefined, 2)}\n`);
    return;
  }
  io.stderr(
    `${buyerAccountId} (${name}) is registered already; it is watched for ${productIds.join(', ')}.\n`,
  );
  io.stderr(
    `No stack is to be launched. How it is seen: license-watcher buyers ${buyerAccountId}\n`,
  );
}

/** On a terminal the two streams together are the letter; standard output alone is the command. */
function speak(buyer: Buyer, { letter, paths }: SendOff, local: LocalEndpoint, io: Io): void {
  io.stderr(
    `Invited ${buyer.buyerAccountId} (${buyer.name}) for ${buyer.productIds.join(', ')}.\n`,
  );
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
