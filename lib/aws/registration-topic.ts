import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Revocation } from '../messages/registration-message.ts';

/** Asks register-buyer to end the watch of a buyer whose profile says `revoked`. Harmless when repeated. */
export async function publishRevocation(
  client: Pick<SNSClient, 'send'>,
  topicArn: string,
  buyerAccountId: string,
): Promise<void> {
  const message: Revocation = { format: 1, kind: 'revoked', buyerAccountId };
  await client.send(new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify(message) }));
}
