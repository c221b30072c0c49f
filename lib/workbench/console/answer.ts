import type { AwsAnswer } from '../cloud/call.ts';
import type { Refusal } from './wire.ts';

const NO_STORE = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

export function json(value: unknown, status = 200): AwsAnswer {
  return {
    status,
    headers: { ...NO_STORE, 'content-type': 'application/json' },
    body: JSON.stringify(value),
  };
}

export function refused(status: number, problem: string): AwsAnswer {
  return json({ problem } satisfies Refusal, status);
}

export function html(body: string, policy: string): AwsAnswer {
  const headers = {
    ...NO_STORE,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
  };
  return { status: 200, headers: { ...headers, 'x-frame-options': 'DENY' }, body };
}
