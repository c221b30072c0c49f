import { ANY_SERVICE, type ErrorTable, type Judgement, REGION, shape } from '../error-table.ts';

const ROLE: Judgement = {
  kind: 'blind',
  cause: 'role-missing-or-untrusting',
  remedy: 'delete the License Watcher stack and create it again with the same parameters',
};

export const STS_ERRORS: ErrorTable = {
  rows: {
    ...ANY_SERVICE,
    // The role is gone, does not trust us, or we lack sts:AssumeRole: AWS answers the same. That everybody's check fails tells the last.
    AccessDenied: ROLE,
    AccessDeniedException: ROLE,
    RegionDisabledException: REGION,
    MalformedPolicyDocument: shape('STS finds the session policy malformed'),
    MalformedPolicyDocumentException: shape('STS finds the session policy malformed'),
    PackedPolicyTooLarge: shape('STS finds the session policy too large'),
    PackedPolicyTooLargeException: shape('STS finds the session policy too large'),
  },
  byMessage: [],
};
