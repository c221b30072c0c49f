/// <reference lib="dom" />
import type { ActionRequest } from '../action-request.ts';
import type { RefusedAction, ConsoleState } from '../wire.ts';

const token = document.querySelector<HTMLMetaElement>('meta[name="console-token"]')?.content ?? '';

export async function read<Answer>(path: string): Promise<Answer> {
  return answered<Answer>(await fetch(`/console/api/${path}`));
}

/** Requests an action; returns its number. It runs when its turn comes. */
export async function requestAction(request: ActionRequest): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-console-token': token };
  const response = await fetch('/console/api/actions', {
    method: 'POST',
    headers,
    body: JSON.stringify(request),
  });
  return (await answered<{ readonly action: number }>(response)).action;
}

async function answered<Answer>(response: Response): Promise<Answer> {
  const answer: unknown = await response.json();
  if (response.ok) return answer as Answer;
  throw new Error(
    (answer as Partial<RefusedAction>).problem ??
      `the local cloud answered with ${response.status}`,
  );
}

/** An area of the console: it draws the state and requests the reader's actions. */
export interface ConsoleArea {
  readonly element: HTMLElement;
  readonly show: (state: ConsoleState) => void;
}

/** The operations of the page that areas may use. */
export interface PageOperations {
  /** Requests an action. A refusal is shown at the page's common place. */
  readonly request: (request: ActionRequest) => void;
  /** Opens a mail in the mailbox and takes the reader there. */
  readonly openMail: (number: number) => void;
}

/** A time such as `2026-01-05 09:10 UTC`. */
export function timeWords(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
