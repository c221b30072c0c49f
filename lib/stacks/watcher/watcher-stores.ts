import { Construct } from 'constructs';
import type { FunctionName } from '../../messages/names.ts';
import { AUDIT_TABLE, WATCH_TABLE } from './table-shapes.ts';
import { ledgerPolicy, StoreTable } from './store-table.ts';

/** The functions that append to the ledger: entries, facts of delivery, the end of a watch. */
const LEDGER_WRITERS: readonly FunctionName[] = [
  'check-licenses',
  'send-notices',
  'register-buyer',
];

export interface WatcherStoresProps {
  readonly deployment: string;
  readonly auditTableName: string;
  readonly watchTableName: string;
}

/** The two tables: the ledger that nobody rewrites, and what the watch needs beside it. */
export class WatcherStores extends Construct {
  readonly audit: StoreTable;
  readonly watch: StoreTable;

  constructor(
    scope: Construct,
    id: string,
    { deployment, auditTableName, watchTableName }: WatcherStoresProps,
  ) {
    super(scope, id);
    this.audit = new StoreTable(this, 'Audit', {
      tableName: auditTableName,
      shape: AUDIT_TABLE,
      resourcePolicy: ledgerPolicy(this, {
        tableName: auditTableName,
        deployment,
        writers: LEDGER_WRITERS,
      }),
    });
    this.watch = new StoreTable(this, 'Watch', { tableName: watchTableName, shape: WATCH_TABLE });
  }
}
