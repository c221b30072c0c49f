/** A function as its template declares it. */
export interface FunctionConfiguration {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Directory of the bundle. */
  readonly codeDirectory: string;
  /** `<file>.<export>` */
  readonly handler: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
  /** Undefined: plain text, Lambda's format before there was a choice. */
  readonly logging:
    { readonly format: 'JSON' | 'Text'; readonly level: string | undefined } | undefined;
}
