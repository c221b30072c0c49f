import { BOOLEAN, INTEGER, list, LONG, oneOf, STRING, structure } from './shape.ts';
import type { StringShape, ValueOf } from './shape.ts';

/** Shapes that several operations share, under the model's names. Limits and patterns are those of botocore 1.43.107. */

export const ARN: StringShape = {
  kind: 'string',
  max: 2048,
  pattern:
    '^arn:aws[a-zA-Z-]*:[A-Za-z0-9][A-Za-z0-9_/.-]{0,62}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023}$',
};

export const CLIENT_TOKEN: StringShape = { kind: 'string', max: 2048, pattern: '\\S+' };

const ISO8601_DATE_TIME: StringShape = {
  kind: 'string',
  max: 50,
  pattern:
    '^(-?(?:[1-9][0-9]*)?[0-9]{4})-(1[0-2]|0[1-9])-(3[0-1]|0[1-9]|[1-2][0-9])T(2[0-3]|[0-1][0-9]):([0-5][0-9]):([0-5][0-9])(\\.[0-9]+)?(Z|[+-](?:2[ 0-3]|[0-1][0-9]):[0-5][0-9])+$',
};

export const STATUS_REASON: StringShape = { kind: 'string', max: 400, pattern: '[\\s\\S]+' };

export const MAX_RESULTS = { kind: 'integer', min: 1, max: 100 } as const;

const UNIT = oneOf(
  'Count',
  'None',
  'Seconds',
  'Microseconds',
  'Milliseconds',
  'Bytes',
  'Kilobytes',
  'Megabytes',
  'Gigabytes',
  'Terabytes',
  'Bits',
  'Kilobits',
  'Megabits',
  'Gigabits',
  'Terabits',
  'Percent',
  'Bytes/Second',
  'Kilobytes/Second',
  'Megabytes/Second',
  'Gigabytes/Second',
  'Terabytes/Second',
  'Bits/Second',
  'Kilobits/Second',
  'Megabits/Second',
  'Gigabits/Second',
  'Terabits/Second',
  'Count/Second',
);
export type Unit = ValueOf<typeof UNIT>;

export const ENTITLEMENT = structure(['Name', 'Unit'], {
  Name: STRING,
  Value: STRING,
  MaxCount: LONG,
  Overage: BOOLEAN,
  Unit: UNIT,
  AllowCheckIn: BOOLEAN,
});
export type Entitlement = ValueOf<typeof ENTITLEMENT>;

export const ENTITLEMENT_DATA = structure(['Name', 'Unit'], {
  Name: STRING,
  Value: STRING,
  Unit: UNIT,
});
export type EntitlementData = ValueOf<typeof ENTITLEMENT_DATA>;

export const ISSUER = structure(['Name'], { Name: STRING, SignKey: STRING });

export const VALIDITY = structure(['Begin'], { Begin: ISO8601_DATE_TIME, End: ISO8601_DATE_TIME });

export const CONSUMPTION_CONFIGURATION = structure([], {
  RenewType: oneOf('None', 'Weekly', 'Monthly'),
  ProvisionalConfiguration: structure(['MaxTimeToLiveInMinutes'], {
    MaxTimeToLiveInMinutes: INTEGER,
  }),
  BorrowConfiguration: structure(['AllowEarlyCheckIn', 'MaxTimeToLiveInMinutes'], {
    AllowEarlyCheckIn: BOOLEAN,
    MaxTimeToLiveInMinutes: INTEGER,
  }),
});
export type ConsumptionConfiguration = ValueOf<typeof CONSUMPTION_CONFIGURATION>;

export const LICENSE_METADATA = list(structure([], { Name: STRING, Value: STRING }));
export type LicenseMetadata = ValueOf<typeof LICENSE_METADATA>;

export const TAGS = list(structure([], { Key: STRING, Value: STRING }));

export const LICENSE_STATUS = oneOf(
  'AVAILABLE',
  'PENDING_AVAILABLE',
  'DEACTIVATED',
  'SUSPENDED',
  'EXPIRED',
  'PENDING_DELETE',
  'DELETED',
);
export type LicenseStatus = ValueOf<typeof LICENSE_STATUS>;

export const GRANT_STATUS = oneOf(
  'PENDING_WORKFLOW',
  'PENDING_ACCEPT',
  'REJECTED',
  'ACTIVE',
  'FAILED_WORKFLOW',
  'DELETED',
  'PENDING_DELETE',
  'DISABLED',
  'WORKFLOW_COMPLETED',
);
export type GrantStatus = ValueOf<typeof GRANT_STATUS>;

/** `ExtendConsumptionLicense` is AWS's own word order; the operation is ExtendLicenseConsumption. */
const ALLOWED_OPERATION = oneOf(
  'CreateGrant',
  'CheckoutLicense',
  'CheckoutBorrowLicense',
  'CheckInLicense',
  'ExtendConsumptionLicense',
  'ListPurchasedLicenses',
  'CreateToken',
);
export type AllowedOperation = ValueOf<typeof ALLOWED_OPERATION>;

export const ALLOWED_OPERATIONS = list(ALLOWED_OPERATION, { min: 1, max: 8 });

export const ARNS = list(ARN);

/** The model limits neither names nor values. Each operation says what it filters by. */
export const FILTERS = list(structure([], { Name: STRING, Values: list(STRING) }));
export type Filters = ValueOf<typeof FILTERS>;
