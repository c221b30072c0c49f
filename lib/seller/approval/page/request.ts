import type { Instant } from '../../../domain/time.ts';
import type { Explanation } from '../explanation.ts';

/** What a seller asks of one buyer. */
export interface ApprovalRequest {
  /** The very text that the buyer launches. */
  readonly template: string;
  /** Of that text, lower-case hex. */
  readonly sha256: string;
  /** What the file is called that the buyer is sent. */
  readonly templateFile: string;
  readonly buyerAccountId: string;
  /** As the seller calls the buyer. */
  readonly buyerName: string;
  readonly sellerAccountId: string;
  /** As the seller calls itself, the products and whom to ask of each; null: nobody is known any more. */
  readonly sellerName: string;
  readonly products: readonly { readonly name: string; readonly contact: string | null }[];
  /** Null: whom everybody asks of a product. */
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
