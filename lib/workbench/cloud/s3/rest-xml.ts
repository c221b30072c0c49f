import type { AwsAnswer, AwsRequest } from '../call.ts';
import type { AwsFault } from '../fault.ts';
import { escapeXml } from '../query-protocol.ts';

/** A fault as S3 writes it. The answer to a HEAD has no body, so clients see no more than the status. */
export function restXmlFault({ method, requestId = '' }: AwsRequest, fault: AwsFault): AwsAnswer {
  const { code, message, status, members } = fault;
  const fields = {
    Code: code,
    Message: message,
    ...(members as Record<string, string>),
    RequestId: requestId,
  };
  const inner = Object.entries(fields).map(
    ([name, value]) => `<${name}>${escapeXml(value)}</${name}>`,
  );
  return {
    status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
    body:
      method === 'HEAD'
        ? ''
        : `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${inner.join('')}</Error>`,
  };
}
