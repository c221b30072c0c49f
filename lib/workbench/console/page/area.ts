import type { ActionRequest } from '../action-request.ts';
import type { ConsoleState } from '../wire.ts';

/** An area of the console: draws what it is shown, and asks for what its reader wants. */
export interface Area {
  readonly element: HTMLElement;
  readonly show: (state: ConsoleState) => void;
}

/** What areas may do beyond themselves. */
export interface PageOperations {
  /** What is refused is shown where everybody sees it. */
  readonly request: (request: ActionRequest) => void;
  /** Opens a mail in the mailbox and takes the reader there. */
  readonly openMail: (number: number) => void;
}

/** `2026-01-05 09:10 UTC` */
export function timeWords(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
