import { explainTemplate } from './explanation.ts';
import { page } from './page/page.ts';
import type { ApprovalRequest } from './page/request.ts';
import { parseTemplate } from './template.ts';

/** The page for a buyer's security team, as HTML. Throws an `UnexplainedTemplate` if it could not tell everything. */
export function approvalPage(request: ApprovalRequest): string {
  return page({ request, explanation: explainTemplate(parseTemplate(request.template), request) });
}
