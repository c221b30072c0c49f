/** What operations may want to know of a registration; the entry point writes it to the log under a stable code. */
export type RegistrationEvent =
  /** Junk, or a stranger: anyone may publish to the topic. Dropped, so that strangers cannot fill our dead letters. */
  | { readonly type: 'MessageMalformed'; readonly messageId: string; readonly problem: string }
  | { readonly type: 'ResponseAddressForged'; readonly stackId: string; readonly reason: string }
  | {
      readonly type: 'RequestAnswered';
      readonly stackId: string;
      readonly requestType: string;
      readonly logicalResourceId: string;
      readonly status: 'SUCCESS' | 'FAILED';
      readonly reason: string;
    }
  /**
   * The bucket refused our answer: a forged signature, or its time is over. `withheld`: all the rest was right, and would have changed
   * something. Nothing did.
   */
  | {
      readonly type: 'AnswerRefused';
      readonly stackId: string;
      readonly reason: string;
      readonly withheld: boolean;
    }
  | {
      readonly type: 'RequestPostponed';
      readonly stackId: string;
      readonly seconds: number;
      readonly reason: string;
    }
  /** Comes back after the queue's own visibility timeout instead. */
  | { readonly type: 'PostponeFailed'; readonly messageId: string; readonly error: unknown }
  | {
      readonly type: 'BuyerRegistered';
      readonly buyerAccountId: string;
      readonly stackId: string | null;
      readonly selfTest: string;
    }
  /** Nobody invited it: it is watched once a license of a product is seen. */
  | { readonly type: 'EnrolmentBegan'; readonly buyerAccountId: string; readonly until: string }
  /** More accounts than the seller allows want to enrol in this hour, or somebody names many. */
  | { readonly type: 'EnrolmentFull'; readonly buyerAccountId: string; readonly reason: string }
  | {
      readonly type: 'BuyerEnrolled';
      readonly buyerAccountId: string;
      readonly productIds: readonly string[];
    }
  | { readonly type: 'EnrolmentEnded'; readonly buyerAccountId: string; readonly reason: string }
  /** The look for a license saw nothing, for this reason; the next one may. */
  | { readonly type: 'EnrolmentUnseen'; readonly buyerAccountId: string; readonly reason: string }
  /** Someone says that a stack left whose role still works: a forgery, or a role that was kept. Nothing was recorded. */
  | {
      readonly type: 'FarewellDoubted';
      readonly buyerAccountId: string;
      readonly stackId: string;
      readonly reason: string;
    }
  | { readonly type: 'FarewellWithoutEffect'; readonly stackId: string; readonly reason: string }
  | {
      readonly type: 'WatchEnded';
      readonly buyerAccountId: string;
      readonly contracts: number;
      readonly reason: string;
    }
  | {
      readonly type: 'MessageFailed';
      readonly messageId: string;
      readonly receiveCount: number;
      readonly error: unknown;
    };
