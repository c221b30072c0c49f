import type { Buyer } from '../../../domain/buyer.ts';
import { instant } from '../../../domain/time.ts';
import { LOCAL_CLOUD_FILE } from '../../../schemas/local-cloud.ts';
import { accountIdOf } from '../../talk/account.ts';
import { CommandFailure, misuse } from '../../talk/failure.ts';
import type { Io, Watcher } from '../../io.ts';
import { launch, TEMPLATE_COMMAND, type Launch } from './launch.ts';

export interface InviteOptions {
  readonly name: string;
  readonly product: readonly string[];
  readonly email?: string;
  readonly renew?: boolean;
  readonly json?: boolean;
}

/** Stores the invitation and prints what the buyer has to run. */
export async function invite(
  account: string,
  options: InviteOptions,
  watcher: Watcher,
  localEndpoint: string | undefined,
  io: Io,
): Promise<void> {
  const accountId = accountIdOf(account);
  const name = nameOf(options.name);
  const productIds = productsOf(options.product, watcher);
  const email = options.email === undefined ? undefined : emailOf(options.email);

  const previous = await watcher.buyers.find(accountId);
  const buyer = invited(previous, { accountId, name, productIds, renew: options.renew ?? false }, io);
  if (!(await watcher.buyers.put(buyer, previous))) {
    throw new CommandFailure(
      `the buyer ${accountId} was changed by somebody else in this moment: give the command again`,
    );
  }
  const order = launch({ watcher, buyer, email, localEndpoint });
  if (options.json === true) {
    io.stdout(`${JSON.stringify(machineForm(buyer, order), undefined, 2)}\n`);
    return;
  }
  if (buyer.status === 'active') {
    io.stderr(`${accountId} (${name}) is registered already; it is watched for ${buyer.productIds.join(', ')}.\n`);
    io.stderr('Nothing is to be done in the buyer’s account.\n');
    return;
  }
  io.stderr(`Invited ${accountId} (${name}) for ${buyer.productIds.join(', ')}.\n\n`);
  if (localEndpoint === undefined) {
    io.stderr(`1. Make the template:\n     ${TEMPLATE_COMMAND}\n`);
    io.stderr('2. Send it to the buyer with this command, to be run in that account:\n\n');
  } else {
    io.stderr(`Run this with the keys that ${LOCAL_CLOUD_FILE} has for ${accountId}:\n\n`);
  }
  io.stdout(`${order.command}\n`);
}

/** Members are added, never renamed or removed. `launch`: null where nothing is to be run. */
function machineForm({ buyerAccountId, name, productIds, status, externalId }: Buyer, order: Launch) {
  return {
    account: buyerAccountId,
    name,
    products: productIds,
    status,
    externalId,
    launch: status === 'active' ? null : { ...order, templateCommand: TEMPLATE_COMMAND },
  };
}

interface Invitation {
  readonly accountId: string;
  readonly name: string;
  readonly productIds: readonly string[];
  readonly renew: boolean;
}

/** The ExternalId stays as long as the buyer may hold the command that carries it; a revoked one never comes back. */
function invited(previous: Buyer | undefined, invitation: Invitation, io: Io): Buyer {
  const { accountId, name, productIds, renew } = invitation;
  if (previous?.status === 'active') {
    if (renew) {
      throw misuse(
        `${accountId} is registered, and its role trusts the present ExternalId: --renew would blind the watch; "revoke" it first and invite it again`,
      );
    }
    // To stop watching a product of a buyer needs its watch to be ended; until then products are only added.
    return { ...previous, name, productIds: [...new Set([...previous.productIds, ...productIds])] };
  }
  const kept = previous !== undefined && previous.status !== 'revoked' && !renew;
  return {
    buyerAccountId: accountId,
    name,
    productIds,
    status: 'invited',
    externalId: kept ? previous.externalId : io.newExternalId(),
    invitedAt: instant(io.now()),
    registration: null,
  };
}

const LONGEST_NAME = 64;

function nameOf(text: string): string {
  const name = text.trim();
  if (name !== '' && name.length <= LONGEST_NAME && !/\p{C}/u.test(name)) return name;
  throw misuse(`--name is ${JSON.stringify(text)}; expected 1 to ${LONGEST_NAME} printable characters`);
}

function productsOf(given: readonly string[], { productIds: known }: Watcher): readonly string[] {
  const unknown = given.filter((id) => !known.includes(id));
  if (unknown.length === 0) return [...new Set(given)];
  const allowed = known.length === 0 ? 'this watcher watches no product' : `this watcher watches ${known.join(', ')}`;
  throw misuse(
    `--product is ${unknown.map((id) => JSON.stringify(id)).join(', ')}, but ${allowed}: use one of these, or add it to cdk.json and deploy`,
  );
}

/** Enough to catch a slip; whether mail arrives, the confirmation shows. */
function emailOf(text: string): string {
  if (/^[\w.!#$%&*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(text)) return text;
  throw misuse(`--email is ${JSON.stringify(text)}; expected an address like it@example.com`);
}
