import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The two tables and the way to them. */
export interface Tables {
  readonly client: DynamoDBDocumentClient;
  readonly watch: string;
  readonly audit: string;
}

/** What a table holds or is given: plain values, as the document client has them. */
export type Attributes = Readonly<Record<string, unknown>>;
