import { AUDIT_INDEXES, WATCH_INDEXES } from '../../messages/names.ts';

interface Key {
  readonly partition: string;
  readonly sort: string;
}

interface TableShape extends Key {
  readonly indexes: readonly (Key & {
    readonly name: string;
    /** Attributes beside the keys; `all`: the whole. A steady check must not touch any of them. */
    readonly projected: readonly string[] | 'all';
  })[];
  /** The same partitions in another order: whole items, read as consistently as the table itself. */
  readonly localIndexes: readonly { readonly name: string; readonly sort: string }[];
  /** The attribute by which DynamoDB deletes expired items; null: nothing is ever deleted. */
  readonly expiry: string | null;
}

/** Keys and indexes, every key attribute a string: what the stack creates and the store relies on. */
export const AUDIT_TABLE: TableShape = {
  partition: 'contract',
  sort: 'entry',
  indexes: [
    // Sparse: entries carry `productMonth` (`<product id>#2027-02`), the facts of delivery beside them do not.
    {
      name: AUDIT_INDEXES.byProductAndMonth,
      partition: 'productMonth',
      sort: 'observedAt',
      projected: 'all',
    },
  ],
  localIndexes: [],
  expiry: null,
};

/**
 * `buyer` is an account ID and `record` one of `profile`, `reachability`, `head#<product id>`, `head-unrecorded#<product id>`,
 * `head-usage#<product id>`, `head-note#<product id>#<entry>`, `notice#<product id>#<entry>#<audience>`. The marks of sweeps, what
 * recipients were told of buyers (`told-of-buyers`) and to which owners the last mail failed (`failed-owners`) are in the partition
 * `sweeps`, the marks of open enrolment in `enrolments`, when contracts were last seen in `seen#<shard>`, agreements in
 * `agreements#<shard>`, and how far their reading has come in `agreements`.
 */
export const WATCH_TABLE: TableShape = {
  partition: 'buyer',
  sort: 'record',
  indexes: [
    // Profiles of active and enrolling buyers, their heads and the failures to record them, side by side: all that a check reads. Two
    // partitions of their own hold buyers that the seller has not been told of yet: those who do not launch (`invited`, by the time of the
    // invitation) and those who confirm no address (`unconfirmed`, by the time of the registration).
    {
      name: WATCH_INDEXES.activeBuyers,
      partition: 'activeShard',
      sort: 'place',
      projected: [
        'format',
        'name',
        'productIds',
        'status',
        'externalId',
        'invitedAt',
        'registration',
        'enrolment',
        'owner',
        'contacts',
        'digest',
        'nextDue',
      ],
    },
    // Heads by the month (`2027-02`) and instant of the end of what is in force.
    {
      name: WATCH_INDEXES.ends,
      partition: 'endMonth',
      sort: 'end',
      projected: ['name', 'standing', 'verdict'],
    },
    // Agreements with something to do (`due#agreement#terms`), and notices waiting or due, by audience, urgency and part of the buyers
    // (`due#buyer#urgent#3`), with the time before which they are not sent.
    {
      name: WATCH_INDEXES.dueNotices,
      partition: 'due',
      sort: 'notBefore',
      projected: 'all',
    },
  ],
  // The same notices by contract: told ones, kept for 400 days, are not among them.
  localIndexes: [{ name: WATCH_INDEXES.pendingNotices, sort: 'pending' }],
  expiry: 'expiresAt',
};
