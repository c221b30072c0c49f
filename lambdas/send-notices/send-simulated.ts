import type { PendingNotice, TopicStanding } from '../../lib/domain/notice/delivery.ts';
import type { Simulated } from '../../lib/domain/simulation/simulate.ts';
import type { Publication } from '../../lib/domain/notice/topics.ts';
import { buyerMail } from '../../lib/mail/buyer-mail.ts';
import { sellerDigest } from '../../lib/mail/seller-digest.ts';
import { MESSAGES } from '../../lib/observability/message-codes.ts';
import type { SimulateAsk, SimulatedMessage } from '../../lib/messages/ask-simulate.ts';
import {
  buyerPublication,
  digestPublication,
  singlePublication,
  type Sender,
} from './publications.ts';
import type { Simulating, Watched } from './simulate.ts';

interface Composed {
  readonly audience: SimulatedMessage['audience'];
  readonly topicArn: string;
  readonly publication: Publication;
}

/** The very messages of a real notice: a mail to the buyer; a digest and a notice for machines to the seller. */
function messagesOf(
  { pendingNotices: tellings, head, at }: Simulated,
  { buyer, product }: Watched,
  { settings, sellerTopicArn }: Simulating,
): readonly Composed[] {
  const { deployment, sellerName } = settings;
  const sender: Sender = { deployment, sellerName, test: true };
  // The buyer last: whoever repeats what failed halfway sends no second mail to a customer.
  const sellerFirst = tellings.toSorted(
    (a, b) => Number(a.notice.audience === 'buyer') - Number(b.notice.audience === 'buyer'),
  );
  return sellerFirst.flatMap((telling): readonly Composed[] =>
    telling.notice.audience === 'buyer'
      ? [
          {
            audience: 'buyer',
            topicArn: buyer.registration.noticeTopicArn,
            publication: toBuyer(telling),
          },
        ]
      : [
          { audience: 'seller', topicArn: sellerTopicArn, publication: toSeller(telling) },
          {
            audience: 'seller',
            topicArn: sellerTopicArn,
            publication: singlePublication({ ...telling, toBuyer: undefined }, sender, at),
          },
        ],
  );

  function toBuyer(lead: PendingNotice): Publication {
    const welcome = lead.notice.kind === 'welcome';
    const about = { entry: lead.entry, folded: [], welcome, head, product, sellerName, now: at };
    return buyerPublication(
      { lead, folded: [], welcome },
      buyerMail({ ...about, test: true }),
      sender,
    );
  }

  function toSeller(telling: PendingNotice): Publication {
    const entries = [
      { entry: telling.entry, product, head, toBuyer: undefined, undelivered: null },
    ];
    return digestPublication(
      [{ ...telling, toBuyer: undefined }],
      sellerDigest({ entries, now: at, test: true }),
      { tick: at, now: at },
      sender,
    );
  }
}

/** To each topic in turn. One that does not take a message is not sent the next. */
export async function sendSimulated(
  simulated: Simulated,
  watched: Watched,
  { dryRun }: SimulateAsk,
  dependencies: Simulating,
): Promise<SimulatedMessage[]> {
  const { topics, log } = dependencies;
  const standings = new Map<string, TopicStanding>();
  const sent: SimulatedMessage[] = [];
  for (const { audience, topicArn, publication } of messagesOf(simulated, watched, dependencies)) {
    const standing = standings.get(topicArn) ?? (await topics.standing(topicArn));
    standings.set(topicArn, standing);
    const { kind, mail, json } = publication;
    const outcome = dryRun ? outcomeOf(standing) : await publish(topicArn, publication, standing);
    sent.push({ audience, topicArn, kind, mail, json, ...outcome });
  }
  return sent;

  async function publish(
    topicArn: string,
    publication: Publication,
    standing: TopicStanding,
  ): Promise<Outcome> {
    if (standing.kind === 'closed') return outcomeOf(standing);
    const published = await topics.publish(topicArn, publication);
    const { kind, buyerAccountIds, changes } = publication;
    if (published.kind === 'refused') {
      standings.set(topicArn, { kind: 'closed', reason: published.reason });
      return { ...outcomeOf(standing), refused: published.reason };
    }
    const { messageId } = published;
    log.info(MESSAGES.simulationSent, { topicArn, kind, changes, buyerAccountIds, messageId });
    return { ...outcomeOf(standing), messageId };
  }
}

type Outcome = Pick<SimulatedMessage, 'messageId' | 'refused' | 'confirmedSubscriptions'>;

function outcomeOf(standing: TopicStanding): Outcome {
  return standing.kind === 'closed'
    ? { messageId: null, refused: standing.reason, confirmedSubscriptions: null }
    : { messageId: null, refused: null, confirmedSubscriptions: standing.confirmedSubscriptions };
}
