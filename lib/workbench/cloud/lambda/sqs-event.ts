import {
  md5,
  md5OfAttributes,
  type MessageAttribute,
  type ReceivedMessage,
} from '../sqs/message.ts';

/** The event that Lambda makes of a batch of messages (developer guide, "Example Amazon SQS message event"). */
export function sqsEvent(
  messages: readonly ReceivedMessage[],
  queueArn: string,
  region: string,
): object {
  return { Records: messages.map((message) => record(message, queueArn, region)) };
}

function record(message: ReceivedMessage, queueArn: string, region: string): object {
  const { messageId, receiptHandle, body, attributes, systemAttributes } = message;
  const digest = md5OfAttributes(attributes);
  return {
    messageId,
    receiptHandle,
    body,
    attributes: systemAttributes,
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, each]) => [name, attribute(each)]),
    ),
    ...(digest !== undefined && { md5OfMessageAttributes: digest }),
    md5OfBody: md5(body),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

function attribute({
  DataType: dataType,
  StringValue: text,
  BinaryValue: binary,
}: MessageAttribute): object {
  return {
    ...(text !== undefined && { stringValue: text }),
    ...(binary !== undefined && { binaryValue: binary }),
    stringListValues: [],
    binaryListValues: [],
    dataType,
  };
}
