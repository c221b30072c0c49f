import type { AuthorizationQuestion, Authorizer, PolicyDocument } from './authorizer.ts';
import type { Caller } from './call.ts';
import { AccessDenied } from './fault.ts';

/** Asks the authorizer on behalf of a service. */
export class Access {
  readonly #authorizer: Authorizer;

  constructor(authorizer: Authorizer) {
    this.#authorizer = authorizer;
  }

  /** Throws `AccessDenied`, in AWS's words, unless the caller may do `action`. A whole call can be passed as its caller. */
  async require(
    { caller }: { readonly caller: Caller },
    action: string,
    resource: string,
    resourceAccountId: string,
    resourcePolicy?: PolicyDocument,
    context: AuthorizationQuestion['context'] = {},
  ): Promise<void> {
    const question = { caller, action, resource, resourceAccountId, resourcePolicy, context };
    const { allowed, message } = await this.#authorizer.authorize(question);
    if (!allowed) throw new AccessDenied(message);
  }
}
