import { join } from 'node:path';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import type { LocalEndpoint } from '../../command.ts';
import type { Io, Watcher } from '../../io.ts';
import { sellerTemplate, TEMPLATE_FILE, type SellerTemplate } from './buyer-template.ts';
import { openDoors, publish, unknownAccount, type Hosting } from './hosting.ts';
import { requireTellable, sendOff, type Destination, type SendOff } from './send-off.ts';

/** Where invitations are made, and where their files go. */
export interface Place {
  readonly watcher: Watcher;
  readonly local: LocalEndpoint;
  readonly destination: Destination;
  readonly io: Io;
}

export interface Preparation {
  readonly template: SellerTemplate;
  readonly hosting: Hosting;
}

/** All that can fail before the first invitation is stored, once for all of them. */
export async function prepare(place: Place): Promise<Preparation> {
  const template = await sellerTemplate(place.watcher, place.local, place.io);
  requireTellable({ ...place, template });
  return { template, hosting: await publish(place.watcher, template.text) };
}

export interface Delivered {
  readonly buyer: Buyer;
  readonly template: SellerTemplate;
  readonly sendOff: SendOff;
  /** Why it is not all that it should be, of this buyer alone. */
  readonly problem: string | null;
}

export interface Delivery {
  readonly delivered: readonly Delivered[];
  /** Of all of them. */
  readonly problem: string | null;
  readonly hints: readonly string[];
}

/** For invitations that are stored: opens the links and writes what the buyers are to be sent. */
export async function deliver(
  stored: readonly { readonly buyer: Buyer; readonly email: string | undefined }[],
  { template, hosting }: Preparation,
  place: Place,
): Promise<Delivery> {
  const accounts = stored.map(({ buyer }) => buyer.buyerAccountId);
  const doors =
    hosting.url === null || stored.length === 0
      ? undefined
      : await openDoors(place.watcher, accounts);
  // A link that does not open would only be clicked in vain.
  const templateUrl = doors?.problem === null ? hosting.url : null;
  const { folder } = place.destination;
  const shared =
    folder === undefined || stored.length === 0
      ? []
      : [[join(folder, TEMPLATE_FILE), template.text] as const];
  const problem = joined([
    hosting.problem ?? doors?.problem ?? null,
    await write(shared, place.io),
  ]);
  const delivered: Delivered[] = [];
  for (const { buyer, email } of stored) {
    const sent = sendOff(buyer, email, { ...place, template, templateUrl });
    const unknown = doors?.unknown.has(buyer.buyerAccountId) === true;
    const own = [
      unknown ? unknownAccount(buyer.buyerAccountId) : null,
      await write(sent.files, place.io),
    ];
    delivered.push({ buyer, template, sendOff: sent, problem: joined(own) });
  }
  return {
    delivered,
    problem,
    hints: [hosting.hint, doors?.hint ?? null].filter((hint) => hint !== null),
  };
}

/** Answers with what went wrong. */
async function write(files: SendOff['files'], io: Io): Promise<string | null> {
  for (const [path, text] of files) {
    try {
      await io.writeFile(path, text);
    } catch (error) {
      return `${path} could not be written (${String(error)}): the invitation stands; name another place and give the command again`;
    }
  }
  return null;
}

export function joined(problems: readonly (string | null)[]): string | null {
  const all = problems.filter((problem) => problem !== null);
  return all.length === 0 ? null : all.join('; ');
}
