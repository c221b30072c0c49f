import { cleanText } from '../../../../domain/outside-text.ts';
import type { Reading } from '../../../aws/deployment-health.ts';

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

/** One thing that was looked at. Text that AWS or a buyer wrote is cleaned already. */
export interface HealthFinding {
  readonly area: Area;
  /** `warning`: it works, or cannot be seen; somebody should look. `failure`: it does not do what it is there for. */
  readonly level: 'ok' | 'warning' | 'failure';
  readonly what: string;
  readonly detail: string | null;
  readonly remedy: string | null;
  /** A heading of docs/runbook.md. */
  readonly runbook: string | null;
}

type Further = Partial<Pick<HealthFinding, 'detail' | 'remedy' | 'runbook'>>;

export function ok(area: Area, what: string, further: Further = {}): HealthFinding {
  return finding(area, 'ok', what, further);
}

/** Whoever warns says what to do. */
export function warning(
  area: Area,
  what: string,
  further: Further & { readonly remedy: string },
): HealthFinding {
  return finding(area, 'warning', what, further);
}

export function failure(
  area: Area,
  what: string,
  further: Further & { readonly remedy: string },
): HealthFinding {
  return finding(area, 'failure', what, further);
}

function finding(
  area: Area,
  level: HealthFinding['level'],
  what: string,
  further: Further,
): HealthFinding {
  return { area, level, what, detail: null, remedy: null, runbook: null, ...further };
}

type Unread = Exclude<Reading<unknown>, { readonly kind: 'read' }>;

/** Of something of the stack that is not to be seen. What could not be examined is not called healthy. */
export function unread(area: Area, what: string, { error, ...why }: Unread): HealthFinding {
  const detail = cleanText(error, 300);
  switch (why.kind) {
    case 'denied':
      return warning(area, `${what} could not be read: it needs the permission ${why.permission}`, {
        detail,
        remedy: `give these credentials ${why.permission}, or use others with --profile`,
      });
    case 'gone':
      return failure(area, `${what}: it is gone`, {
        detail,
        remedy:
          'somebody deleted it outside of the stack: delete its traces and deploy again with "npx cdk deploy"',
      });
    case 'failed':
      return failure(area, `${what} could not be read`, {
        detail,
        remedy: 'try again; if it stays, see the error',
      });
  }
}
