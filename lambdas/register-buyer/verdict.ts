/** What is to become of a request: an answer for CloudFormation, or another look in a while. */
export type Verdict =
  | {
      readonly kind: 'answer';
      readonly status: 'SUCCESS' | 'FAILED';
      readonly reason: string;
      readonly data: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'later'; readonly reason: string };

export function success(reason: string, data: Readonly<Record<string, string>> = {}): Verdict {
  return { kind: 'answer', status: 'SUCCESS', reason, data };
}

/** `reason` is for the owner of the stack. */
export function failed(reason: string): Verdict {
  return { kind: 'answer', status: 'FAILED', reason: `License Watcher: ${reason}`, data: {} };
}
