import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** A function that was asked answered with an error of its own, or with nothing that can be read. */
export class FunctionFailed extends Error {
  override readonly name = 'FunctionFailed';
}

/** Asks a function and waits for its answer, at most the 60 seconds it has. */
export async function askFunction(
  client: Pick<LambdaClient, 'send'>,
  functionName: string,
  request: unknown,
): Promise<unknown> {
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({ FunctionName: functionName, Payload: new TextEncoder().encode(JSON.stringify(request)) }),
  );
  const text = new TextDecoder().decode(Payload);
  if (FunctionError !== undefined) throw new FunctionFailed(`the function ${functionName} failed: ${text}`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FunctionFailed(`the function ${functionName} answered ${JSON.stringify(text)}`, { cause });
  }
}
