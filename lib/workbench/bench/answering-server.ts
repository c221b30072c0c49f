import { setTimeout } from 'node:timers/promises';
import type { Cloud } from '../cloud/cloud.ts';
import { md5 } from '../cloud/sqs/message.ts';
import { openLoopback, type Loopback } from '../cloud/loopback.ts';
import { SELLER_ACCOUNT } from '../scenarios/participants.ts';
import { operationOf, scopeOf } from '../cloud/signed-request.ts';

export interface AnsweringOptions {
  readonly cloud: Cloud;
  /** The delay of every answer. */
  readonly delayMs: number;
  /** Called before each call is handled; a lost call never reaches AWS. */
  readonly meets?: (operation: string) => 'answer' | 'loss';
}

export interface AnsweringServer extends Loopback {
  /** `CheckoutLicense` -> calls since the start. */
  readonly calls: ReadonlyMap<string, number>;
  /** The number of messages that queues took since the start. */
  readonly messages: () => number;
  /**
   * For each service, the most calls that waited for an answer at the same time, which is the number of connections opened to that AWS
   * host. Here all services share one host.
   */
  readonly peaks: ReadonlyMap<string, number>;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/**
 * AWS with a delay, for a function in a process of its own. License Manager answers from the local cloud's stand-in; DynamoDB and AWS
 * Marketplace answer as the seller sees them. No call is authorized, because that would cost more here than the function itself. It uses
 * the machine's time.
 */
export async function startAnsweringServer(options: AnsweringOptions): Promise<AnsweringServer> {
  const calls = new Map<string, number>();
  const inFlight = new Map<string, number>();
  const peaks = new Map<string, number>();
  let messages = 0;
  const server = await openLoopback(async (request, body, response) => {
    const headers = request.headers as Readonly<Record<string, string>>;
    const scope = scopeOf(headers);
    if (scope === undefined) throw new Error('the answering server was asked without a signature');
    const { service } = scope;
    const underWay = (inFlight.get(service) ?? 0) + 1;
    inFlight.set(service, underWay);
    peaks.set(service, Math.max(underWay, peaks.get(service) ?? 0));
    try {
      const operation = operationOf(headers, body);
      calls.set(operation, (calls.get(operation) ?? 0) + 1);
      if (options.meets?.(operation) === 'loss') {
        response.destroy();
        return;
      }
      const [answer] = await Promise.all([
        answerTo(scope, headers, body, options),
        setTimeout(options.delayMs),
      ]);
      if (operation === 'SendMessageBatch') messages += entriesOf(body).length;
      response.writeHead(answer.status, { 'content-type': answer.contentType });
      response.end(answer.body);
    } finally {
      inFlight.set(service, (inFlight.get(service) ?? 0) - 1);
    }
  });
  return { ...server, calls, peaks, messages: () => messages };
}

async function answerTo(
  scope: NonNullable<ReturnType<typeof scopeOf>>,
  headers: Readonly<Record<string, string>>,
  body: string,
  { cloud }: AnsweringOptions,
): Promise<Answer> {
  switch (scope.service) {
    case 'sts':
      return assumedRole(new URLSearchParams(body).get('RoleArn') ?? '');
    case 'license-manager': {
      const { status, body: answer } = await cloud.licenseManager.handle({
        target: headers['x-amz-target'],
        contentType: headers['content-type'],
        body,
        accountId: scope.accessKeyId,
        region: scope.region,
      });
      return { status, body: answer, contentType: 'application/x-amz-json-1.1' };
    }
    case 'dynamodb':
    case 'aws-marketplace':
      return forwarded(scope.service, headers, body, cloud);
    case 'sqs':
      return taken(body);
    default:
      throw new Error(`the answering server knows no service ${scope.service}`);
  }
}

/** A session whose access key ID is the account, by which this server knows the stand-in's caller. */
function assumedRole(roleArn: string): Answer {
  const [, accountId = '', path = ''] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(roleArn) ?? [];
  const name = path.slice(path.lastIndexOf('/') + 1);
  const body = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<AssumedRoleUser><Arn>arn:aws:sts::${accountId}:assumed-role/${name}/license-watcher</Arn><AssumedRoleId>AROA:license-watcher</AssumedRoleId></AssumedRoleUser>
<Credentials><AccessKeyId>${accountId}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
<Expiration>${new Date(Date.now() + 900_000).toISOString()}</Expiration></Credentials>
</AssumeRoleResult></AssumeRoleResponse>`;
  return { status: 200, contentType: 'text/xml', body };
}

function entriesOf(body: string): readonly { Id: string; MessageBody: string }[] {
  return (JSON.parse(body) as { Entries: readonly { Id: string; MessageBody: string }[] }).Entries;
}

/** The answer that accepts every message; the messages are dropped. */
function taken(body: string): Answer {
  const Successful = entriesOf(body).map(({ Id, MessageBody }) => ({
    ...{ Id, MessageId: Id },
    MD5OfMessageBody: md5(MessageBody),
  }));
  const answer = JSON.stringify({ Successful, Failed: [] });
  return { status: 200, contentType: 'application/x-amz-json-1.0', body: answer };
}

async function forwarded(
  service: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  cloud: Cloud,
): Promise<Answer> {
  const { accessKeyId } = cloud.keys(SELLER_ACCOUNT);
  const contentType = 'application/x-amz-json-1.0';
  const response = await fetch(cloud.url, {
    method: 'POST',
    headers: {
      'content-type': contentType,
      'x-amz-target': headers['x-amz-target'] ?? '',
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${cloud.region}/${service}/aws4_request, SignedHeaders=host, Signature=local`,
    },
    body,
  });
  return { status: response.status, contentType, body: await response.text() };
}
