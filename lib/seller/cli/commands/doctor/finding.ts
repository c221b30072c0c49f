import { cleanText } from '../../../../domain/outside-text.ts';
import type { Reading } from '../../../aws/deployment-health.ts';
import { DELETED_BY_HAND } from '../../aws-sentences.ts';

export const AREAS = [
  'stack',
  'sweeps',
  'agreements',
  'queues',
  'alarms',
  'mail',
  'buyers',
] as const;
export type Area = (typeof AREAS)[number];

/** The result of looking at one thing. Text that AWS or a buyer wrote is cleaned already. */
export interface Finding<Where extends string> {
  readonly area: Where;
  /** `warning`: it works, or cannot be seen; somebody should look. `failure`: it does not do its work. */
  readonly level: 'ok' | 'warning' | 'failure';
  readonly what: string;
  readonly detail: string | null;
  readonly remedy: string | null;
  /** A heading of docs/runbook.md. */
  readonly runbook: string | null;
}

export type HealthFinding = Finding<Area>;

type Further = Partial<Pick<HealthFinding, 'detail' | 'remedy' | 'runbook'>>;
type Remedied = Further & { readonly remedy: string };

type Unread = Exclude<Reading<unknown>, { readonly kind: 'read' }>;

/** Makes the findings of one area. A warning or failure has to say what to do. */
export function findingsIn<Where extends string>(area: Where) {
  const finding = (
    level: HealthFinding['level'],
    what: string,
    further: Further,
  ): Finding<Where> => ({
    area,
    level,
    what,
    detail: null,
    remedy: null,
    runbook: null,
    ...further,
  });
  const ok = (what: string, further: Further = {}) => finding('ok', what, further);
  const warning = (what: string, further: Remedied) => finding('warning', what, further);
  const failure = (what: string, further: Remedied) => finding('failure', what, further);

  /** For a part of the stack that cannot be read. What could not be examined is not called healthy. */
  const unread = (what: string, { error, ...why }: Unread): Finding<Where> => {
    const detail = cleanText(error, 300);
    switch (why.kind) {
      case 'denied':
        return warning(`${what} could not be read: it needs the permission ${why.permission}`, {
          detail,
          remedy: `give these credentials ${why.permission}, or use others with --profile`,
        });
      case 'gone':
        return failure(`${what}: it is gone`, {
          detail,
          remedy: DELETED_BY_HAND,
        });
      case 'failed':
        return failure(`${what} could not be read`, {
          detail,
          remedy: 'try again; if it stays, see the error',
        });
    }
  };
  return { ok, warning, failure, unread };
}
