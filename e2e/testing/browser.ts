import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { onTestFailed } from 'vitest';
import { needs } from '../../testing/needs.ts';
import { ROOT } from './running-temoin.ts';

/** Debian's Chromium. As root it has no sandbox to run in; elsewhere it keeps it. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: needs('chromium').path, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page threw, or complained about to the console as an error. */
  readonly problems: string[];
}

export async function visit(
  browser: Browser,
  locale: 'fr-FR' | 'en-GB',
  colorScheme: 'light' | 'dark',
  width = 1440,
): Promise<Visit> {
  const context = await browser.newContext({
    locale,
    colorScheme,
    viewport: { width, height: 900 },
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const problems: string[] = [];
  const seen: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    // A request that is refused is logged by the browser itself; the page's own handling of it is what tests look at.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      problems.push(message.text());
  });
  page.on('requestfailed', (request) => seen.push(`${request.failure()?.errorText} ${request.url()}`));
  page.on('response', (reply) => reply.status() >= 400 && seen.push(`${reply.status()} ${reply.url()}`));
  onTestFailed(async () => {
    // What a person would look at first: the page, its words, and what it asked for in vain.
    if (page.isClosed()) return;
    await page.screenshot({ path: join(ROOT, 'test-results', `${Date.now()}.png`) }).catch(() => undefined);
    const words = await page
      .locator('body')
      .innerText({ timeout: 2_000 })
      .catch(() => '(nothing)');
    console.error([`At ${page.url()}: ${words.slice(0, 400)}`, ...problems, ...seen.slice(-20)].join('\n'));
  });
  return { context, page, problems };
}

/** Signs in by the page's own form and waits for the list of vehicles. */
export async function signInByForm(
  page: Page,
  address: string,
  account: { email: string; password: string },
): Promise<void> {
  await page.goto(`${address}/`);
  await page.waitForURL('**/sign-in**');
  await page.locator('#sign-in-email').fill(account.email);
  await page.locator('#sign-in-password').fill(account.password);
  await page.locator('form button[type=submit]').click();
  await page.getByRole('option').first().waitFor({ timeout: 30_000 });
}

/** The language is the account's own from the sign-in on; this changes it as a person does, in the settings. */
export async function speak(page: Page, address: string, language: 'English' | 'Français'): Promise<void> {
  await page.goto(`${address}/settings`);
  await page.getByText(language, { exact: true }).click();
  await page.waitForFunction(
    (wanted) => document.documentElement.lang === wanted,
    language === 'English' ? 'en' : 'fr',
  );
}

/** What axe finds against WCAG 2.2 AA on the page as it is, one line a rule with the first elements. */
export async function axeProblems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.map(
    ({ id, impact, nodes }) =>
      `${id} (${impact}): ${nodes
        .slice(0, 3)
        .map((node) => node.target.join(' '))
        .join(' | ')}`,
  );
}
