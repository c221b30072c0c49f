import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { EnrolmentBook } from '../../domain/ports.ts';
import { COUNTED, enrolmentsAttributes, enrolmentsKey } from '../../messages/stored-enrolments.ts';
import { setting } from './expressions.ts';
import type { Tables } from './tables.ts';
import { won } from './writes.ts';

export function dynamoDbEnrolmentBook(tables: Tables): EnrolmentBook {
  return {
    count: async (step, buyerAccountId, most, now) => {
      if (most === 0) return false;
      const change = setting(enrolmentsAttributes(now));
      return won(
        () =>
          tables.client.send(
            new UpdateCommand({
              TableName: tables.watch,
              Key: enrolmentsKey(step, now),
              UpdateExpression: `${change.text} ADD #counted :account`,
              ConditionExpression: `attribute_not_exists(#counted) OR size(#counted) < :most OR contains(#counted, :one)`,
              ExpressionAttributeNames: { ...change.names, '#counted': COUNTED },
              ExpressionAttributeValues: {
                ...change.values,
                ':account': new Set([buyerAccountId]),
                ':one': buyerAccountId,
                ':most': most,
              },
            }),
          ),
        `counting the enrolment of ${buyerAccountId}`,
      );
    },
  };
}
