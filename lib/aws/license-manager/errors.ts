import {
  ANY_SERVICE,
  type ErrorTable,
  FAILING,
  type Judgement,
  PERMISSION_REMEDY,
  refused,
  shape,
  THROTTLED,
} from '../judge.ts';

const PERMISSION: Judgement = {
  kind: 'blind',
  cause: 'permission-missing',
  remedy: PERMISSION_REMEDY,
};

export const LICENSE_MANAGER_ERRORS: ErrorTable = {
  rows: {
    ...ANY_SERVICE,
    AccessDeniedException: PERMISSION,
    AuthorizationException: PERMISSION,
    // Known by its name: the status on the wire is undocumented.
    RateLimitExceededException: THROTTLED,
    ServerInternalException: FAILING,
    NoEntitlementsAllowedException: refused('no such entitlement, or all of them are checked out'),
    EntitlementNotAllowedException: refused('the entitlement is not allowed'),
    ResourceNotFoundException: refused(
      'License Manager knows no such license, entitlement or token',
    ),
    // "There was a conflict processing the request. Try your request again." (AWS's model; of our calls only CheckInLicense declares it)
    ConflictException: { kind: 'retry', cause: 'aws-failing', mayHaveHappened: false },
    ResourceLimitExceededException: { kind: 'trouble', cause: 'throttled' },
    InvalidParameterValueException: shape('License Manager finds a parameter invalid'),
    RedirectException: shape('the license lives in another Region'),
    UnsupportedDigitalSignatureMethodException: shape('License Manager cannot sign this checkout'),
  },
  byMessage: [
    {
      // Met in the field by buyers who never opened License Manager's console, whose first run creates the role.
      name: 'AccessDeniedException',
      says: 'Service role not found',
      judgement: {
        kind: 'blind',
        cause: 'service-linked-role-missing',
        remedy:
          'aws iam create-service-linked-role --aws-service-name license-manager.amazonaws.com',
      },
    },
  ],
};
