import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Caller } from '../call.ts';
import type { CloudClock } from '../clock.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';

const DEFAULT_TIMEOUT_SECONDS = 3600;

interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly NoEcho?: boolean;
  readonly Data?: Record<string, unknown>;
}

/** A custom resource failed. If it has a physical ID, CloudFormation sends its Delete on rollback. */
export class CustomResourceFailure extends Error {
  override readonly name = 'CustomResourceFailure';
  readonly physicalId: string | undefined;
  constructor(message: string, physicalId: string | undefined) {
    super(message);
    this.physicalId = physicalId;
  }
}

export interface CustomResourceOptions {
  readonly clock: CloudClock;
  /** Publishes to the topic in `ServiceToken` as CloudFormation does: in the name of the caller that deploys. */
  readonly publish: (topicArn: string, message: string, caller: Caller) => Promise<void>;
}

/**
 * SNS-backed custom resources: the request goes to the topic, the answer comes as a PUT to a pre-signed URL of
 * CloudFormation's own bucket. A resource waits in the cloud's time.
 */
export class CustomResources {
  readonly #options: CustomResourceOptions;
  readonly #waiting = new Map<string, (body: string) => void>();
  readonly #secret = randomBytes(32);
  #requests = 0;

  constructor(options: CustomResourceOptions) {
    this.#options = options;
  }

  /**
   * Takes a PUT to a response URL and returns the status that S3 would answer. S3 checks the signature, not whether a resource waits: until
   * the URL expires it accepts every answer, and CloudFormation reads the first.
   */
  answer(url: string, body: string): number {
    const { pathname: path, searchParams } = new URL(url, 'https://bucket');
    const expires = Number(searchParams.get('Expires'));
    const isSigned = searchParams.get('Signature') === this.#signature(path, expires);
    if (!isSigned || expires * 1_000 < this.#options.clock.now()) return 403;
    const take = this.#waiting.get(path);
    this.#waiting.delete(path);
    take?.(body);
    return 200;
  }

  #signature(path: string, expires: number): string {
    return createHmac('sha256', this.#secret).update(`${path} ${expires}`).digest('base64url');
  }

  handler(type: string, caller: Caller): ResourceHandler {
    return {
      type,
      properties: '',
      put: (properties, context, current) =>
        current === undefined
          ? this.#request('Create', context, caller, properties)
          : this.#request('Update', context, caller, properties, {
              PhysicalResourceId: current.physicalId,
              OldResourceProperties: asStrings(current.properties),
            }),
      remove: async ({ physicalId, properties }, context) => {
        await this.#request('Delete', context, caller, properties, {
          PhysicalResourceId: physicalId,
        });
      },
    };
  }

  async #request(
    requestType: 'Create' | 'Update' | 'Delete',
    context: ResourceContext,
    caller: Caller,
    properties: Properties,
    more: Record<string, unknown> = {},
  ): Promise<CreatedResource> {
    const { ServiceToken: token, ServiceTimeout: timeout, ...rest } = properties;
    if (typeof token !== 'string')
      throw new Error(`ServiceToken must be the ARN of an SNS topic, got ${JSON.stringify(token)}`);
    const requestId = this.#requestId(context);
    const path = `/${encodeURIComponent(context.stackId).replaceAll('%2F', '/')}%7C${context.logicalId}%7C${requestId}`;
    const answered = this.#answerTo(path, Number(timeout ?? DEFAULT_TIMEOUT_SECONDS), token);
    // If the publish fails, nobody awaits this promise; its time-out must not be an unhandled rejection.
    answered.catch(() => undefined);
    const expires = expiry(this.#options.clock);
    const request = {
      RequestType: requestType,
      ServiceToken: token,
      ResponseURL: `https://${responseHost(context.region)}${path}?AWSAccessKeyId=LOCALCLOUD&Expires=${expires}&Signature=${this.#signature(path, expires)}`,
      StackId: context.stackId,
      RequestId: requestId,
      LogicalResourceId: context.logicalId,
      ResourceType: context.resourceType,
      ...more,
      ResourceProperties: asStrings({ ServiceToken: token, ...rest }),
    };
    await this.#options.clock.track(this.#options.publish(token, JSON.stringify(request), caller));
    const answer = parseAnswer(await answered);
    for (const [field, expected] of [
      ['StackId', context.stackId],
      ['RequestId', requestId],
      ['LogicalResourceId', context.logicalId],
    ] as const) {
      if (answer[field] !== expected)
        throw new CustomResourceFailure(
          `Invalid response: ${field} is not that of the request`,
          undefined,
        );
    }
    if (answer.Status === 'FAILED') {
      throw new CustomResourceFailure(
        `Received response status [FAILED] from custom resource. Message returned: ${answer.Reason ?? ''}`,
        answer.PhysicalResourceId,
      );
    }
    const physicalId =
      answer.PhysicalResourceId ?? (more['PhysicalResourceId'] as string | undefined);
    if (physicalId === undefined)
      throw new CustomResourceFailure('Invalid PhysicalResourceId', undefined);
    return { physicalId, attributes: answer.Data ?? {} };
  }

  #answerTo(path: string, timeoutSeconds: number, token: string): Promise<string> {
    const { clock } = this.#options;
    return new Promise((resolve, reject) => {
      const cancel = clock.schedule(clock.now() + timeoutSeconds * 1000, () => {
        this.#waiting.delete(path);
        reject(
          new CustomResourceFailure(
            `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId. (no answer from ${token} within ${timeoutSeconds} seconds)`,
            undefined,
          ),
        );
      });
      this.#waiting.set(path, (body) => {
        cancel();
        // CloudFormation takes seconds to go on, so whatever answered is over by then. Otherwise its function would still be busy when the
        // stack's next custom resource asks, and a second copy of it would start.
        clock.schedule(clock.now(), () => {
          resolve(body);
        });
      });
    });
  }

  #requestId(context: ResourceContext): string {
    this.#requests += 1;
    return uuid(`${context.stackId}|${context.logicalId}|${this.#requests}`);
  }
}

export function responseHost(region: string): string {
  return `cloudformation-custom-resource-response-${region.replaceAll('-', '')}.s3.amazonaws.com`;
}

function expiry(clock: CloudClock): number {
  return Math.floor(clock.now() / 1000) + 7200;
}

function parseAnswer(body: string): Answer {
  if (Buffer.byteLength(body) > 4096)
    throw new CustomResourceFailure('Response object is too long.', undefined);
  try {
    return JSON.parse(body) as Answer;
  } catch (cause) {
    throw new CustomResourceFailure(`Invalid response: no JSON (${String(cause)})`, undefined);
  }
}

/** Turns scalars into strings, as CloudFormation does in the properties of a custom resource. */
function asStrings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asStrings);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, asStrings(each)]));
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

/** A UUID derived from a text: the same for the same text. */
export function uuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
