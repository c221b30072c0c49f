import type { Instant } from '../../../domain/time.ts';
import type { Explanation } from '../explanation.ts';

/** What a seller asks of one buyer. */
export interface ApprovalRequest {
  /** The exact text that the buyer launches. */
  readonly template: string;
  /** Of that text, in lower-case hex. */
  readonly sha256: string;
  /** The name of the file that the buyer is sent. */
  readonly templateFile: string;
  readonly buyerAccountId: string;
  /** The seller's name for the buyer. */
  readonly buyerName: string;
  readonly sellerAccountId: string;
  /** The seller's names for itself and its products. `contact`: whom to ask about a product; null: nobody is known any more. */
  readonly sellerName: string;
  readonly products: readonly { readonly name: string; readonly contact: string | null }[];
  /** Null: the contacts of the products are asked. */
  readonly securityContact: string | null;
  readonly deployment: string;
  readonly region: string;
  readonly partition: string;
  readonly stackName: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly madeAt: Instant;
}

/** What each section of the page is made of. */
export interface PageInput {
  readonly request: ApprovalRequest;
  readonly explanation: Explanation;
}
