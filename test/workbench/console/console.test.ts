import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { request } from 'node:http';
import type Axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMailFile } from '../../../lib/seller/cli/commands/verify/mail-file.ts';
import { CHROMIUM } from '../../../lib/workbench/chromium.ts';
import { SCENARIO_SETTINGS } from '../../../lib/workbench/scenarios/participants.ts';
import { openConsole } from '../../../lib/workbench/console/console.ts';
import type { ConsoleState, MailText, ShownAction } from '../../../lib/workbench/console/wire.ts';
import type { ActionRequest } from '../../../lib/workbench/console/action-request.ts';
import { ALL, ALL_BUT_COLORS, COLORS } from '../../support/axe-rules.ts';
import { openFixture, type WatcherFixture } from '../../support/watcher-fixture.ts';

const ACCOUNT = '999999999999';
const NAME = 'Näh & <b>Söhne</b>';

/** One cloud for the file: its tests are one run, in order. */
let fixture: WatcherFixture;
let url: string;
let token: string;
beforeAll(async () => {
  fixture = await openFixture();
  const { cloud, run } = fixture;
  const stop = new AbortController().signal;
  ({ url } = await openConsole({ cloud, run, products: SCENARIO_SETTINGS.products, stop }));
  cloud.schedules.resume();
  token =
    /name="console-token" content="([\w-]+)"/.exec(await (await fetch(url)).text())?.[1] ?? '';
});
afterAll(() => fixture[Symbol.asyncDispose]());

async function state(): Promise<ConsoleState> {
  return (await (await fetch(`${url}/api/state`)).json()) as ConsoleState;
}

function post(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const own = { 'content-type': 'application/json', 'x-console-token': token };
  return fetch(`${url}/api/actions`, { method: 'POST', headers: { ...own, ...headers }, body });
}

async function problemOf(response: Response): Promise<string> {
  return ((await response.json()) as { problem: string }).problem;
}

/** Asks, and waits for the end of it. */
async function perform(request: ActionRequest): Promise<ShownAction> {
  const response = await post(JSON.stringify(request));
  if (!response.ok) throw new Error(await problemOf(response));
  const { action: id } = (await response.json()) as { action: number };
  for (;;) {
    const action = (await state()).actions.find((each) => each.id === id);
    if (action?.state === 'done' || action?.state === 'failed') return action;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const what = ({ entries }: ShownAction): readonly string[] => entries.map((entry) => entry.what);

/** As a browser would not let us: under any Host. */
function statusUnder(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const requested = request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    requested.on('error', reject).end();
  });
}

describe('the console, from outside', () => {
  it('is one page that may load nothing and be framed by nobody', async () => {
    const response = await fetch(url);
    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("script-src 'unsafe-inline'");
  });

  it('refuses foreign Hosts and Origins, and who has not the token; nothing happens', async () => {
    expect(await statusUnder(new URL(url).host)).toBe(200);
    expect(await statusUnder('evil.example')).toBe(403);
    const request = JSON.stringify({ kind: 'advance-time', to: 'month' });
    for (const headers of [
      { origin: 'http://evil.example' },
      { 'x-console-token': 'guessed' },
      { 'content-type': 'text/plain' },
    ])
      expect((await post(request, headers)).status).toBe(403);
    expect((await state()).actions).toEqual([]);
  });

  it('serves nothing of the disk', async () => {
    for (const path of [
      '/page/open.ts',
      '/..%2f..%2fpackage.json',
      '/api/../../package.json',
      '/api/mail/999',
      '/api/x',
    ])
      expect((await fetch(`${url}${path}`)).ok).toBe(false);
  });

  it('says what is wrong with a request, and what is allowed', async () => {
    expect(await problemOf(await post('{'))).toBe('the body is no JSON');
    expect(await problemOf(await post('{"kind":"advance-time","to":"yesterday"}'))).toContain(
      '"sweep" or "day" or "month"',
    );
    expect(await problemOf(await post('{"kind":"buyer","account":"1","lever":"launch"}'))).toBe(
      'there is no buyer "1"',
    );
    expect(
      await problemOf(await post('{"kind":"license","arn":"arn:x","lever":"nothing"}')),
    ).toContain('there is more, less');
    expect(await problemOf(await post('{"kind":"confirm","mail":99}'))).toBe(
      'there is no mail number 99',
    );
  });

  it('shows a request that cannot be fulfilled as failed, with the reason', async () => {
    const buyer = {
      kind: 'new-buyer',
      account: ACCOUNT,
      name: 'X',
      productId: 'viewer',
      amount: '5',
      days: 30,
    } as const;
    expect(
      await perform({ ...buyer, account: '111111111111', email: 'it@x.example' }),
    ).toMatchObject({
      state: 'failed',
      said: "111111111111 is the seller's own account: give the buyer another",
    });
    expect(await perform({ ...buyer, email: 'it@x.example', amount: 'many' })).toMatchObject({
      state: 'failed',
      said: 'the number of seats is "many"; allowed are 1 to 1000000',
    });
  });
});

// Skipped, and counted as skipped, where no Chromium is installed.
describe.skipIf(!existsSync(CHROMIUM))('the console, in a browser', () => {
  let browser: Browser;
  let page: Page;
  const troubles: string[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('console', (message) => troubles.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => troubles.push(error.message));
    await page.goto(url);
  });
  afterAll(() => browser.close());

  const area = (name: string) => page.getByRole('region', { name, exact: true });
  const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click();
  const tab = (name: string) => page.getByRole('tab', { name });
  const selected = () => page.locator('[role=tab][aria-selected=true]').allTextContents();
  const address = () => page.evaluate(() => location.hash);
  /** Which of the first steps are ticked off. */
  const taken = () => area('First steps').locator('li.taken strong').allTextContents();
  const happened = (text: string) =>
    area('What happened').locator('li.done', { hasText: text }).first().waitFor();

  it('makes a buyer in the seller’s words, whose mail waits for the click on its link', async () => {
    await page.getByText('There is no buyer yet').waitFor();
    await area('First steps').getByText('make a buyer, with the form').waitFor();
    expect(await taken()).toEqual([]);
    await page.getByLabel('Name', { exact: true }).fill(NAME);
    await press('Invite, launch and sell');
    await happened(`New buyer: ${NAME}`);
    const requested = page.locator('details.mail', {
      hasText: 'Subscription Confirmation to it@buyer.example',
    });
    await requested.locator('summary').click();
    await requested.getByRole('button', { name: 'Confirm subscription' }).click();
    await happened('follows the link to confirm');
    await page.getByRole('button', { name: 'Confirm subscription' }).waitFor({ state: 'hidden' });
    await press('A day');
    await happened('A day');
    await page
      .locator('details.mail .subject', { hasText: /^Notices begin.*: Meridian Viewer/ })
      .waitFor();
  });

  it('leads a newcomer from a purchase to its mail, ticks off what happened, and can be dismissed', async () => {
    const steps = area('First steps');
    // Time that passed before anything was bought is no step.
    expect(await taken()).toEqual([]);
    // Clicked twice by a newcomer, it buys once.
    await steps.getByRole('button', { name: 'Buy more' }).dblclick();
    await happened('Upgrade to 13 seats');
    expect((await state()).actions.filter(({ title }) => title.startsWith('Upgrade'))).toHaveLength(
      1,
    );
    await steps.getByText('Step 2 of 3').waitFor();
    await steps.getByRole('button', { name: 'Let it look' }).click();
    await happened('To the next sweep');
    await steps.getByText('Step 3 of 3').waitFor();
    expect(await taken()).toEqual(['Buy more for a buyer', 'Let time pass']);
    await tab('Report').click();
    await steps.getByRole('button', { name: 'Open the mail' }).click();
    await steps.getByText('That was it').waitFor();
    expect(await selected()).toEqual(['Mailbox']);
    await page.locator('details.mail[open]', { hasText: 'ReadOnly from 10 to 13 seats' }).waitFor();

    await page.reload();
    await steps.getByText('That was it').waitFor();
    await steps.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('First steps');
    await page.reload();
    await page.getByText('Upgrade to 16 seats').waitFor();
    expect(await steps.isVisible()).toBe(false);
    await press('First steps');
    expect(await steps.isVisible()).toBe(true);
    await steps.getByRole('button', { name: 'Dismiss' }).click();
  });

  it('shows actions, ledger and mails in one list, the newest first, each with what it means', async () => {
    const happenings = await area('What happened')
      .locator('li')
      .evaluateAll((items) =>
        items.map((item) => [...item.querySelectorAll('p')].map((line) => line.textContent)),
      );
    const times = happenings.map(([when = '']) => when.replace(/^\w+, /, ''));
    expect(times).toEqual(times.toSorted().toReversed());
    expect(happenings.every(([, what = '', means = '']) => what !== '' && means !== '')).toBe(true);
    expect(new Set(happenings.map(([when = '']) => when.split(',')[0]))).toEqual(
      new Set(['You', 'Mail', 'Ledger']),
    );
    const mailed = happenings.find(([, what]) => what?.startsWith('Mail to it@buyer.example: '));
    expect(mailed?.[2]).toMatch(
      /^The watcher tells the buyer: Your license of Meridian Viewer was /,
    );
    const recorded = happenings.find(([, what]) => what?.includes('License upgraded') === true);
    expect(recorded?.[1]).toMatch(new RegExp(`: ${NAME}, viewer, entry \\d+$`));
    expect(recorded?.[2]).toContain('13 seats');
  });

  it('selects tabs by keys and by the address, which can be kept', async () => {
    await tab('Mailbox').focus();
    for (const [key, name] of [
      ['ArrowRight', 'Slack'],
      ['ArrowRight', 'Report'],
      ['ArrowRight', 'Mailbox'],
      ['ArrowLeft', 'Report'],
      ['Home', 'Mailbox'],
      ['End', 'Report'],
    ] as const) {
      await page.keyboard.press(key);
      expect([await selected(), await address()]).toEqual([[name], `#${name.toLowerCase()}`]);
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(name);
      expect(await page.getByRole('tabpanel').count()).toBe(1);
    }
    // One stop of the Tab key, and from there into the panel.
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('report');

    await page.goto(`${url}#mailbox`);
    expect(await selected()).toEqual(['Mailbox']);
    await page.reload();
    await page.locator('details.mail').first().waitFor();
    await page.getByRole('link', { name: 'Skip to the report' }).press('Enter');
    await area('Changes').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('report');
    await page.goto(`${url}#report`);
    await page.reload();
    await area('Changes').waitFor();

    // Filters are the report's address: they are there again when its tab is.
    await tab('Mailbox').click();
    await page
      .getByRole('link', { name: `Watch started: ${NAME}` })
      .first()
      .click();
    expect([await selected(), await address()]).toEqual([['Report'], `#text=${ACCOUNT}`]);
    await tab('Mailbox').click();
    await tab('Report').click();
    expect(await address()).toBe(`#text=${ACCOUNT}`);
    expect(await page.getByLabel('Buyer or account').inputValue()).toBe(ACCOUNT);
  });

  it('shows what the watcher makes of an upgrade: the mails and the report, with filters and focus kept', async () => {
    const filter = page.getByLabel('Buyer or account');
    await filter.fill('söhne');
    const upgrade = page.getByRole('button', { name: 'Upgrade to 16 seats' });
    await upgrade.focus();
    await page.keyboard.press('Enter');
    await happened('Upgrade to 16 seats');
    // The lever has other words by now and is another element, yet whoever pulled it is still there.
    await expect(page.evaluate(() => document.activeElement?.textContent)).resolves.toBe(
      'Upgrade to 20 seats',
    );

    // AWS's event asks for a look: no sweep is waited for.
    const told = page.getByRole('button', { name: /^Mail to it@buyer.example: .*upgraded/i });
    await told.nth(1).waitFor();
    await told.first().click();
    const mail = page
      .locator('details.mail[open]', { hasText: 'upgraded, ReadOnly from 13 to 16 seats' })
      .first();
    await mail.getByText('You have more than before.').waitFor();
    await mail.getByText('sns.us-east-1.amazonaws.com').waitFor();
    const copied = await mail.locator('pre').evaluate((element) => {
      getSelection()?.selectAllChildren(element);
      return getSelection()?.toString() ?? '';
    });
    const sent = fixture.cloud.mailbox.read('it@buyer.example').at(-1);
    const { parts, unread } = await readMailFile(copied);
    expect([parts[0]?.subject, parts[0]?.text.trimEnd(), parts.length, unread]).toEqual([
      sent?.subject,
      `${sent?.text ?? ''}\n\n${sent?.footer ?? ''}`,
      1,
      null,
    ]);
    await tab('Report').click();
    await area('Changes').getByText('License upgraded').first().waitFor();
    expect(await filter.inputValue()).toBe('söhne');
    expect(await page.locator('b', { hasText: 'Söhne' }).count()).toBe(0);
  });

  it('shows the channel of Slack by threads, and every name to the letter', async () => {
    await tab('Slack').click();
    const thread = page.locator('article.thread');
    await thread
      .locator('.subject', { hasText: 'upgraded, ReadOnly from 10 to 13 seats' })
      .waitFor();
    // One buyer with one product.
    expect(await thread.count()).toBe(1);
    expect(await thread.locator('h3').textContent()).toBe(`${NAME} (${ACCOUNT}), Meridian Viewer`);
    await thread.getByText(/^\d+ repl(?:y|ies), the last 20/).waitFor();
    expect(await thread.locator('b').count()).toBe(0);
    const command = thread.locator('code', { hasText: `license-watcher history ${ACCOUNT}` });
    expect(await command.count()).toBe(await thread.locator('.card').count());
    await page
      .getByText(/^Channel C0LICENSES of workspace T0MERIDIAN: \d+ cards in 1 thread\.$/)
      .waitFor();
  });

  it('is one screen where there is room, and nothing is wider than a telephone', async () => {
    const size = () =>
      page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.scrollHeight,
      ]);
    await press('First steps');
    expect(await size()).toEqual([1280, 800]);
    await page.setViewportSize({ width: 390, height: 800 });
    for (const name of ['Mailbox', 'Slack', 'Report']) {
      // From the very bottom: the links to the places stay in reach.
      await page.evaluate(() => {
        window.scrollTo(0, document.documentElement.scrollHeight);
      });
      const places = page.getByRole('navigation', { name: 'Places' });
      await places.getByRole('link', { name }).click();
      // The page hears of its new address after the click.
      await expect.poll(selected).toEqual([name]);
      expect((await size())[0]).toBe(390);
      const [below, shown] = [await places.boundingBox(), await tab(name).boundingBox()];
      expect(shown?.y).toBeGreaterThanOrEqual((below?.y ?? 800) + (below?.height ?? 800) - 1);
      expect(shown?.y).toBeLessThan(400);
    }
    const low = await page
      .locator('#console')
      .locator('button, input:not([type=checkbox]), select, summary')
      .evaluateAll((all) =>
        all
          .filter((each) => each.checkVisibility() && !each.closest('#report'))
          .filter((each) => each.getBoundingClientRect().height < 44)
          .map((each) => each.outerHTML),
      );
    expect(low).toEqual([]);
    const order = await Promise.all(
      ['#happened', '#levers', '#report'].map((id) => page.locator(id).boundingBox()),
    );
    expect(order.map((box) => box?.y)).toEqual(
      order.map((box) => box?.y ?? 0).toSorted((x, y) => x - y),
    );
  });

  it('is accessible in light and dark, every tab, side by side and narrow', async () => {
    await page.evaluate(
      await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
    );
    // What looks different in a narrow window has colors that are elsewhere in a wide one, too.
    for (const [width, colorScheme, rules] of [
      [390, 'light', ALL_BUT_COLORS],
      [390, 'dark', COLORS],
      [1280, 'light', ALL],
      [1280, 'dark', COLORS],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      // The report is looked at in every way by itself (page.test.ts); here, that it fits in.
      const names = rules === ALL ? ['Mailbox', 'Slack', 'Report'] : ['Mailbox', 'Slack'];
      for (const name of names) {
        await tab(name).click();
        // What is beside the tabs' panels is the same for each of them.
        const { violations } = await page.evaluate(
          ([context, options]) =>
            (globalThis as unknown as { axe: typeof Axe }).axe.run(context, options),
          [name === 'Mailbox' ? 'html' : '[role=tabpanel]:not([hidden])', rules] as const,
        );
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      }
    }
  });

  it('does without a word in the browser’s own console', () => {
    expect(troubles).toEqual([]);
  });
});

describe('the levers of a buyer', () => {
  const buyer = (lever: string): ActionRequest => ({ kind: 'buyer', account: ACCOUNT, lever });
  const sweep: ActionRequest = { kind: 'advance-time', to: 'sweep' };

  it('has somebody to be pulled on', async () => {
    if ((await state()).buyers.length > 0) return;
    const request = {
      kind: 'new-buyer',
      account: ACCOUNT,
      name: NAME,
      email: 'it@buyer.example',
    } as const;
    expect(
      await perform({ ...request, productId: 'viewer', amount: '10', days: 365 }),
    ).toMatchObject({
      state: 'done',
    });
  });

  it('take the role away and give it back: the watch is lost and restored', async () => {
    await perform(sweep);
    await perform(buyer('remove-role'));
    expect((await perform(buyer('remove-role'))).said).toBe(
      'it cannot be done: it is removed already',
    );
    const sweeps = [await perform(sweep), await perform(sweep), await perform(sweep)];
    expect(sweeps.map(what)).toEqual([[], [], ['Watch lost']]);
    await perform(buyer('restore-role'));
    expect(what(await perform({ kind: 'advance-time', to: 'day' }))).toEqual(['Watch restored']);
  });

  it('break License Manager for the watcher alone, and mend it', async () => {
    await perform({ kind: 'trouble', mode: 'throttled' });
    const [license] = (await state()).buyers[0]!.licenses;
    const bought = await perform({ kind: 'license', arn: license!.arn, lever: 'more' });
    expect(bought).toMatchObject({ state: 'done' });
    // That stands in the seller's own account; the license cannot be looked at.
    expect(what(bought)).toEqual(['Agreement amended']);
    expect(what(await perform(sweep))).toEqual([]);
    await perform({ kind: 'trouble', mode: 'none' });
    expect(what(await perform(sweep))).toEqual(['License upgraded']);
  });

  it('do what their title said or nothing, and once if clicked twice', async () => {
    const [license] = (await state()).buyers[0]!.licenses;
    const lever = (id: string): ActionRequest => ({
      kind: 'license',
      arn: license!.arn,
      lever: id,
    });
    const numbers: number[] = [];
    // The sweep is in front of the others, which therefore all wait.
    for (const each of [sweep, lever('more'), lever('more'), lever('less')])
      numbers.push(
        ((await (await post(JSON.stringify(each))).json()) as { action: number }).action,
      );
    const [, once, again, stale] = numbers;
    expect(again).toBe(once);
    await perform(sweep);
    const { actions, buyers } = await state();
    expect(actions.find(({ id }) => id === stale)).toMatchObject({
      state: 'failed',
      said: expect.stringMatching(
        /^the license has changed since: this would now be “Downgrade to \d+ seats”/,
      ) as string,
    });
    const title = (id: string): string | undefined =>
      license!.levers.find((each) => each.id === id)?.title;
    expect(`Upgrade to ${buyers[0]!.licenses[0]!.words.split(',')[0]!}`).toBe(title('more'));
  });

  it('sell one more product to who has launched, who keeps name and licenses', async () => {
    const request = {
      kind: 'new-buyer',
      account: ACCOUNT,
      name: 'Other',
      email: 'it@buyer.example',
    } as const;
    const lake: ActionRequest = { ...request, productId: 'lake', amount: '500', days: 30 };
    expect(await perform(lake)).toMatchObject({
      state: 'done',
      said: `Sold Meridian Data Lake to ${NAME} (${ACCOUNT}). The watcher sees it at its next sweep at the latest.`,
    });
    expect(
      (await state()).buyers.map(({ name, licenses }) => [
        name,
        licenses.map((each) => each.product),
      ]),
    ).toEqual([[NAME, ['Meridian Viewer', 'Meridian Data Lake']]]);
  });

  it('delete the stack, even without its role, and launch it again', async () => {
    await perform(buyer('remove-role'));
    expect(await perform(buyer('remove-stack'))).toMatchObject({ state: 'done' });
    expect((await state()).buyers[0]!.status).toBe('left');
    expect(await perform(buyer('launch'))).toMatchObject({ state: 'done' });
    expect((await state()).buyers[0]!.status).toBe('active');
  });

  it('launch with several addresses, each with a link of its own to confirm, and with the same again', async () => {
    const account = '888888888888';
    const [it, cfo] = ['it@new.example', 'cfo@new.example'];
    const asked = async () => {
      const { mails, unconfirmed } = await state();
      const mine = mails.filter(
        ({ to, kind }) => kind === 'confirmation' && [it, cfo].includes(to),
      );
      return mine.filter(({ number }) => unconfirmed.includes(number));
    };
    const request = { kind: 'new-buyer', account, name: 'Two', email: `${it}, ${cfo}` } as const;
    const viewer: ActionRequest = { ...request, productId: 'viewer', amount: '5', days: 30 };
    expect(await perform(viewer)).toMatchObject({ state: 'done' });
    expect((await asked()).map(({ to }) => to).toSorted()).toEqual([cfo, it]);
    const own = (await asked()).find(({ to }) => to === cfo)!;
    await perform({ kind: 'confirm', mail: own.number });
    expect((await asked()).map(({ to }) => to)).toEqual([it]);

    await perform({ kind: 'buyer', account, lever: 'remove-stack' });
    expect(await asked()).toEqual([]);
    expect(await perform({ kind: 'buyer', account, lever: 'launch' })).toMatchObject({
      state: 'done',
    });
    expect((await asked()).map(({ to }) => to).toSorted()).toEqual([cfo, it]);
  });

  it('shows what failed inside the cloud, and goes on', async () => {
    fixture.cloud.clock.run(() => Promise.reject(new Error('a worker died')));
    expect(await perform(sweep)).toMatchObject({
      state: 'failed',
      said: 'work inside the local cloud failed: a worker died',
    });
    expect(await perform(sweep)).toMatchObject({ state: 'done' });
  });

  it('leaves nothing behind: no seat held, no complaint', async () => {
    expect(fixture.cloud.licenseManager.seatsHeld()).toBe(0);
    const { mails } = await state();
    const last = (await (await fetch(`${url}/api/mail/${mails.length - 1}`)).json()) as MailText;
    expect(Object.keys(last)).toEqual(['text', 'footer']);
  });
});
