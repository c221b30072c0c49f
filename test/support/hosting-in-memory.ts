import { createHash } from 'node:crypto';
import type {
  HostedTemplate,
  ReadAccess,
  TemplateBucket,
} from '../../lib/seller/aws/template-bucket.ts';
import type { TemplateAccess } from '../../lib/messages/names.ts';

/** The template bucket without S3. */
export class HostingInMemory implements TemplateBucket {
  access: TemplateAccess = 'invited';
  /** Templates by URL. */
  readonly hosted = new Map<string, string>();
  /** The accounts to which it is open; undefined if it was never opened. */
  openAccounts: readonly string[] | undefined;
  /** Accounts that AWS does not know. */
  unknownAccounts: readonly string[] = [];
  /** An error that every call throws. */
  trouble: Error | undefined;

  publish(template: string): Promise<HostedTemplate> {
    if (this.trouble !== undefined) return Promise.reject(this.trouble);
    const sha256 = createHash('sha256').update(template).digest('hex');
    const key = `buyer-template/${sha256.slice(0, 16)}.json`;
    const url = `https://templates.s3.us-east-1.amazonaws.com/${key}`;
    this.hosted.set(url, template);
    return Promise.resolve({ url, key, sha256 });
  }

  openTo(accountIds: readonly string[]): Promise<ReadAccess> {
    if (this.trouble !== undefined) return Promise.reject(this.trouble);
    if (this.access === 'public') return Promise.resolve({ unknownAccounts: [] });
    this.openAccounts = accountIds.filter((accountId) => !this.unknownAccounts.includes(accountId));
    return Promise.resolve({
      unknownAccounts: accountIds.filter((accountId) => this.unknownAccounts.includes(accountId)),
    });
  }
}
