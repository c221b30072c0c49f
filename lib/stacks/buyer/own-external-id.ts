import { Aws, Fn } from 'aws-cdk-lib';

/** The unique part of the stack's ID: what register-buyer expects of a stack that nobody invited. */
export const OWN_EXTERNAL_ID = Fn.select(2, Fn.split('/', Aws.STACK_ID));
