/** Who deploys which resource of which stack, and where. */
export interface ResourceContext {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly stackName: string;
  readonly stackId: string;
  readonly logicalId: string;
  /** `AWS::SQS::Queue`, `Custom::Something` */
  readonly resourceType: string;
  /** Directory of an asset's content, by the S3 key its template names. Throws for an unknown key. */
  asset(s3Key: string): string;
  /** The name CloudFormation would generate: `<stack>-<logical id>-<12 characters>`, stable for this resource, cut to `maxLength`. */
  generatedName(maxLength: number): string;
}

export type Properties = Readonly<Record<string, unknown>>;

/** What a created resource answers to `Ref` and `Fn::GetAtt`. */
export interface CreatedResource {
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** How the local cloud makes one CloudFormation resource type. Beside the service it belongs to. */
export interface ResourceHandler {
  /** `AWS::SQS::Queue` */
  readonly type: string;
  /** Every property it honours or knowingly ignores; a template that uses another is refused by name. */
  readonly properties: readonly string[];
  create(properties: Properties, context: ResourceContext): Promise<CreatedResource>;
  /** Answers with another physical ID where CloudFormation would replace the resource: the old one is then removed. */
  update(
    properties: Properties,
    current: CreatedResource,
    previous: Properties,
    context: ResourceContext,
  ): Promise<CreatedResource>;
  remove(current: CreatedResource, properties: Properties, context: ResourceContext): Promise<void>;
}
