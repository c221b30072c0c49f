/** Headings of docs/runbook.md: a test holds the two against each other. */
export type RunbookAnchor =
  | 'sweep-not-running'
  | 'sweep-lost'
  | 'start-sweep-failing'
  | 'check-licenses-failing'
  | 'send-notices-failing'
  | 'register-buyer-failing'
  | 'checks-waiting'
  | 'notices-waiting'
  | 'registrations-waiting'
  | 'checks-given-up'
  | 'notices-given-up'
  | 'registrations-given-up'
  | 'checks-failing'
  | 'checks-dropped'
  | 'contracts-unrecorded'
  | 'confirmation-too-old'
  | 'notices-failing';

export function runbookLink(anchor: RunbookAnchor): string {
  return `docs/runbook.md#${anchor}`;
}
