import type { AwsRequest } from '../call.ts';
import { AwsFault } from '../fault.ts';

/** The target of a path-style request, which SDKs use if the endpoint is an IP address. */
export interface Target {
  readonly bucket: string;
  /** Undefined: the bucket itself. */
  readonly key: string | undefined;
  readonly query: URLSearchParams;
}

export function targetOf(path: string): Target {
  const [way = '', query = ''] = path.split('?', 2);
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/.exec(way) ?? [];
  return {
    bucket,
    key: key === '' ? undefined : decodeURIComponent(key),
    query: new URLSearchParams(query),
  };
}

const KNOWN_HEADERS =
  /^(?:x-amz-(?:date|security-token|user-agent|content-sha256|expected-bucket-owner|sdk-checksum-algorithm|checksum-\w+)|if-none-match|content-md5)$/;

/** Throws in S3's words for an unknown header. Headers that concern only the transport pass. */
export function requireKnownHeaders({ headers }: Pick<AwsRequest, 'headers'>): void {
  const unknown = Object.keys(headers).find(
    (name) => /^(x-amz-|if-|range$)/.test(name) && !KNOWN_HEADERS.test(name),
  );
  if (unknown !== undefined)
    throw notImplemented(
      `A header you provided implies functionality that is not implemented: ${unknown}`,
    );
}

export function requireKnownQuery({ query }: Target, known: readonly string[]): void {
  // SDKs name the operation in x-id.
  const unknown = [...query.keys()].find((name) => name !== 'x-id' && !known.includes(name));
  if (unknown !== undefined)
    throw notImplemented(`the local cloud's S3 knows no query parameter ${unknown} here`);
}

export function notImplemented(message: string): AwsFault {
  return new AwsFault('NotImplemented', message, 501);
}
