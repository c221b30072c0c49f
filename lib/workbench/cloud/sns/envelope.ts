import type { Publication, Protocol } from './publication.ts';

/** The JSON around a message for queues and `email-json`, unless a subscription wants it raw (developer guide, "Amazon SNS message format"). */
export function envelope(
  publication: Publication,
  protocol: Protocol,
  unsubscribeUrl: string,
): string {
  const { messageId, topicArn, subject, attributes, at } = publication;
  const shown = Object.entries(attributes).map(([name, { dataType, value }]) => [
    name,
    { Type: dataType, Value: value },
  ]);
  return JSON.stringify({
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topicArn,
    ...(subject !== undefined && { Subject: subject }),
    Message: publication.bodyFor(protocol),
    Timestamp: new Date(at).toISOString(),
    ...signature(topicArn),
    UnsubscribeURL: unsubscribeUrl,
    ...(shown.length > 0 && { MessageAttributes: Object.fromEntries(shown) as object }),
  });
}

/** What a queue of another account gets in place of a mail. */
export function confirmationEnvelope(
  messageId: string,
  topicArn: string,
  token: string,
  at: number,
): string {
  return JSON.stringify({
    Type: 'SubscriptionConfirmation',
    MessageId: messageId,
    Token: token,
    TopicArn: topicArn,
    Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: `${host(topicArn)}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${token}`,
    Timestamp: new Date(at).toISOString(),
    ...signature(topicArn),
  });
}

export function unsubscribeUrl(
  topicArn: string,
  subscriptionArn: string,
  endpoint: string,
): string {
  return `${host(topicArn)}/unsubscribe.html?SubscriptionArn=${subscriptionArn}&Endpoint=${endpoint}`;
}

/** Messages are not signed here: whoever verifies finds that out at once. */
function signature(topicArn: string): object {
  return {
    SignatureVersion: '1',
    Signature: 'LOCAL',
    SigningCertURL: `${host(topicArn)}/SimpleNotificationService-local.pem`,
  };
}

function host(topicArn: string): string {
  return `https://sns.${topicArn.split(':')[3] ?? ''}.amazonaws.com`;
}
