import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { quoted } from '../../domain/outside-text.ts';

/** An invoked function answered with an error of its own, or with something that cannot be read. */
export class FunctionFailed extends Error {
  override readonly name = 'FunctionFailed';
}

/** Invokes a function and waits for its answer, at most the 60 seconds that it has. */
export async function invokeFunction(
  client: Pick<LambdaClient, 'send'>,
  functionName: string,
  request: unknown,
): Promise<unknown> {
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({
      FunctionName: functionName,
      Payload: new TextEncoder().encode(JSON.stringify(request)),
    }),
  );
  const text = new TextDecoder().decode(Payload);
  if (FunctionError !== undefined)
    throw new FunctionFailed(`the function ${functionName} failed: ${said(text)}`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FunctionFailed(`the function ${functionName} answered ${quoted(text)}`, {
      cause,
    });
  }
}

/** Lambda writes an error as JSON, with a stack that means nothing to the caller. */
function said(text: string): string {
  const error = z.safeParse(functionError, jsonOf(text)).data;
  return error === undefined ? text : `${error.errorType}: ${error.errorMessage}`;
}

const functionError = z.object({ errorType: z.string(), errorMessage: z.string() });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Then the text itself is all that is known.
    return undefined;
  }
}
