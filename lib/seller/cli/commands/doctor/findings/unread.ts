import type { Reading } from '../../../../aws/deployment-health/reading.ts';
import { cleanText } from '../../../../../mail/clean-text.ts';
import { failure, warning, type Area, type Finding } from './finding.ts';

export type Unread = Exclude<Reading<unknown>, { readonly kind: 'read' }>;

/** Of something of the stack that is not to be seen. What could not be examined is not called healthy. */
export function unread(area: Area, what: string, { error, ...why }: Unread): Finding {
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
