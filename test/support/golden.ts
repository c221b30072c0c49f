import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';
import type { Mail } from '../../lib/domain/ports.ts';

/** `UPDATE_GOLDEN=1 npx vitest run test/mail` writes the files instead of comparing; read the difference before you commit it. */
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

/** Compares a mail, character by character, with the file of that name beside the test. */
export function expectGolden({ subject, text }: Mail, file: string): void {
  const mail = `Subject: ${subject}\n\n${text}\n`;
  if (UPDATE) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, mail);
  }
  expect(mail).toBe(readFileSync(file, 'utf8'));
}
