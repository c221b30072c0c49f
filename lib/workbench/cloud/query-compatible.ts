import type { AwsAnswer } from './call.ts';

/**
 * Services that spoke the query protocol first answer that protocol's name of an error in a header beside the JSON one; SDKs put it
 * into `error.Code` (the model's `awsQueryCompatible`). `codes`: the names that differ, by the JSON one.
 */
export function withQueryCode(
  answer: AwsAnswer,
  codes: Readonly<Record<string, string>> = {},
): AwsAnswer {
  if (answer.status < 400) return answer;
  const { __type: type } = JSON.parse(answer.body) as { __type: string };
  const code = type.replace(/^.*#/, '');
  const old = code === 'AccessDeniedException' ? 'AccessDenied' : (codes[code] ?? code);
  const side = answer.status < 500 ? 'Sender' : 'Receiver';
  return { ...answer, headers: { ...answer.headers, 'x-amzn-query-error': `${old};${side}` } };
}
