/**
 * List prices in US dollars for us-east-1, without free tiers, as third parties quoted them in 2026. Look at AWS's own pages before relying
 * on them: nothing here can.
 */
export const PRICES = {
  /** aws.amazon.com/lambda/pricing, arm64, first tier. */
  lambdaGbSecond: 0.0000133334,
  /** Same page. */
  lambdaRequest: 0.2e-6,
  /** aws.amazon.com/sqs/pricing: standard queues; a request is up to 64 KB, a batch of ten is one. */
  sqsRequest: 0.4e-6,
  /** aws.amazon.com/dynamodb/pricing/on-demand, standard table class. */
  dynamoDbReadUnit: 0.125e-6,
  dynamoDbWriteUnit: 0.625e-6,
  /** Same page: storage 0.25, point-in-time recovery 0.20. */
  dynamoDbGbMonth: 0.45,
  /** aws.amazon.com/sns/pricing: a request of up to 64 KB; an e-mail, beyond the first 1,000 a month. */
  snsRequest: 0.5e-6,
  snsMail: 20e-6,
  /** aws.amazon.com/eventbridge/pricing: Scheduler. */
  schedulerInvocation: 1e-6,
  /** aws.amazon.com/cloudwatch/pricing: standard resolution, per metric that the alarm watches. */
  alarmMonth: 0.1,
  /** Same page: a metric logged in the embedded format is a custom metric, paid for the hours in which it gets values. */
  metricMonth: 0.3,
  /** Same page: ingestion 0.50 and a month of storage 0.03. */
  logGb: 0.53,
} as const;
