import type {
  DeploymentHealth,
  StackFacts,
} from '../../../../aws/deployment-health/deployment-health.ts';
import {
  PRODUCT_CODE_REMEDY,
  productCodeWords,
} from '../../../../../domain/license/product-code-words.ts';
import { cleanText } from '../../../../../mail/clean-text.ts';
import { failure, ok, warning, type Finding } from './finding.ts';
import { unread } from './unread.ts';

const DEPLOY = 'deploy this version with "npx cdk deploy"';

/** `usable`: the command line finds in the outputs what it cannot do without. */
export function stackFindings(
  { stack, resources }: DeploymentHealth,
  usable: boolean,
): readonly Finding[] {
  return [
    status(stack),
    outputs(stack, usable),
    ...(resources.kind === 'read'
      ? []
      : [
          unread(
            'stack',
            'the list of its resources, and so schedule, queues and alarms,',
            resources,
          ),
        ]),
  ];
}

function status({ name, status: at, statusReason }: StackFacts): Finding {
  const what = `stack ${name} is ${at}`;
  const detail = statusReason === null ? null : cleanText(statusReason, 300);
  if (at.endsWith('_IN_PROGRESS'))
    return warning('stack', what, {
      detail,
      remedy: 'wait until its deployment has ended, and ask again',
    });
  if (at === 'UPDATE_ROLLBACK_COMPLETE')
    return warning('stack', `${what}: the last update failed, the version before it runs`, {
      detail,
      remedy: `see the stack's events for the cause, then ${DEPLOY}`,
    });
  if (/^(CREATE|UPDATE|IMPORT|IMPORT_ROLLBACK)_COMPLETE$/.test(at)) return ok('stack', what);
  return failure('stack', what, {
    detail,
    remedy: `see the stack's events for the cause, then ${DEPLOY}`,
  });
}

function outputs({ missingOutputs: missing }: StackFacts, usable: boolean): Finding {
  if (missing.length === 0) return ok('stack', 'all its outputs are there');
  const what = `${missing.length === 1 ? 'an output is' : `${missing.length} outputs are`} missing: ${missing.join(', ')}`;
  const further = {
    detail: 'the stack is of an older version, or its deployment did not finish',
    remedy: DEPLOY,
  };
  return usable ? warning('stack', what, further) : failure('stack', what, further);
}

/** Such a product looks like one that nobody bought. */
export function productFindings(productCodes: readonly string[]): readonly Finding[] {
  if (productCodes.length === 0) return [];
  return [warning('stack', productCodeWords(productCodes), { remedy: PRODUCT_CODE_REMEDY })];
}
