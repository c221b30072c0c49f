import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Tables } from './tables.ts';

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Names of errors, and codes of a transaction's reasons, that mean: somebody else was first. */
const LOST_RACES = new Set([
  'ConditionalCheckFailed',
  'ConditionalCheckFailedException',
  'TransactionConflict',
  'TransactionConflictException',
]);

/** All or nothing. False: a condition did not hold or another transaction was at it; everything else throws. */
export async function transact(
  { client }: Tables,
  items: readonly TransactItem[],
  doing: string,
): Promise<boolean> {
  // DynamoDB takes no more in one transaction. A decision has a handful.
  if (items.length > 100)
    throw new Error(`${doing}: ${items.length} writes in one transaction, allowed are 100`);
  // The SDK makes a client request token for each command: its own second attempt after a lost answer is answered as the first was.
  return won(() => client.send(new TransactWriteCommand({ TransactItems: [...items] })), doing);
}

/** True: written. False: a race lost. What else goes wrong is thrown with what was being done. */
export async function won(write: () => Promise<unknown>, doing: string): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (isLostRace(error)) return false;
    throw new Error(
      `${doing}: ${error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error'}`,
      {
        cause: error,
      },
    );
  }
}

function isLostRace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (!(error instanceof TransactionCanceledException)) return LOST_RACES.has(error.name);
  const codes = (error.CancellationReasons ?? [])
    .map(({ Code }) => Code ?? 'None')
    .filter((code) => code !== 'None');
  return codes.length > 0 && codes.every((code) => LOST_RACES.has(code));
}
