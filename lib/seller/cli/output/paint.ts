import { styleText } from 'node:util';
import type { Io } from '../io.ts';

// `io.colour` decides: the stream that styleText would ask is not the one we write to.

export function bold(text: string, { colour }: Io): string {
  return colour ? styleText('bold', text, { validateStream: false }) : text;
}

export function alarming(text: string, { colour }: Io): string {
  return colour ? styleText('red', text, { validateStream: false }) : text;
}
