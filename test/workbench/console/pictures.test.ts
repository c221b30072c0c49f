import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Instant } from '../../../lib/domain/time.ts';
import { readReport } from '../../../lib/seller/report/read-report.ts';
import { renderReport } from '../../../lib/seller/report/render.ts';
import { reportFleet } from '../../../lib/workbench/bench/report/fleet.ts';
import { CHROMIUM } from '../../../lib/workbench/chromium.ts';
import type { Mail } from '../../../lib/workbench/cloud/mailbox.ts';
import { assertBrowser, takePictures } from '../../../lib/workbench/console/pictures.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const MAIL: Mail = {
  kind: 'notification',
  to: 'it@example.com',
  topicArn: 'arn:aws:sns:us-east-1:222222222222:topic',
  subscriptionArn: 'arn:aws:sns:us-east-1:222222222222:topic:1',
  subject: 'Example Viewer: upgraded </h1><style>body { display: none }</style>',
  text: 'You have more than before.',
  footer: 'how to stop',
  attributes: {},
  at: Date.parse('2027-01-18T00:00:00Z'),
};

/** Width and height of a PNG. */
async function sizeOf(path: string | undefined): Promise<readonly [number, number]> {
  const bytes = await readFile(path ?? '');
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

test.skipIf(!existsSync(CHROMIUM))(
  'pictures are as wide as the README needs, and show the whole of a mail, whatever its subject says',
  async () => {
    assertBrowser();
    const directory = temporaryDirectory();
    const fleet = reportFleet({ buyers: 8, now: '2027-01-18T00:00:00Z' as Instant });
    const report = await renderReport(await readReport(fleet, fleet));
    // Longer than the window.
    const text = `${MAIL.text}\n`.repeat(120);
    const [shown, mail] = await takePictures(directory, report, { ...MAIL, text });
    expect((await sizeOf(shown))[0]).toBe(1_280);
    const [width, height] = await sizeOf(mail);
    expect(width).toBe(1_280);
    expect(height).toBeGreaterThan(200 + 120 * 15);
  },
);
