import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../testing/needs.ts';
import { axeProblems, openBrowser, signInByForm, speak, visit } from './testing/browser.ts';
import { writeMadeUpDrive } from './testing/recorded-drives.ts';
import { demoAccount, newFolder, type RunningTemoin, removeFolder, startTemoin } from './testing/running-temoin.ts';

// The whole, as somebody at the fleet desk meets it: replayed boxes → service → a real browser.

describeWith(['chromium'], 'in a browser', () => {
  let folder: string;
  let temoin: RunningTemoin;
  let browser: Browser;
  let account: { email: string; password: string };

  beforeAll(async () => {
    folder = await newFolder();
    for (const [i, name] of ['north', 'south', 'west'].entries())
      await writeMadeUpDrive(join(folder, 'drives'), name, 12_000, 20 + i);
    temoin = await startTemoin(['--replay', join(folder, 'drives'), '--speed', '20'], {
      dataFolder: join(folder, 'data'),
    });
    account = await demoAccount(temoin.address, 'fleet_desk');
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await temoin?.stop();
    await removeFolder(folder);
  });

  test('a wrong password is refused in words, the right one opens the map, and vehicles move on it', async () => {
    const { context, page, problems } = await visit(browser, 'en-GB', 'light');
    await page.goto(`${temoin.address}/`);
    await page.waitForURL('**/sign-in**');
    await page.locator('#sign-in-email').fill(account.email);
    await page.locator('#sign-in-password').fill('not the password');
    await page.locator('form button[type=submit]').click();
    await page.getByText(/E-mail or password is wrong/).waitFor();

    await signInByForm(page, temoin.address, account);
    const row = page.getByRole('option', { name: /north/ });
    const text = await row.innerText();
    expect(text).toMatch(/km\/h/);
    await expect.poll(() => row.innerText(), { timeout: 20_000 }).not.toBe(text);

    const map = page.getByRole('region', { name: /Carte des véhicules/ });
    const picture = await map.screenshot();
    await expect.poll(async () => (await map.screenshot()).equals(picture), { timeout: 20_000 }).toBe(false);
    expect(problems).toEqual([]);
    await context.close();
  });

  test('a vehicle opens with its values, its charts and its ledger', async () => {
    const { context, page, problems } = await visit(browser, 'en-GB', 'light');
    await signInByForm(page, temoin.address, account);
    await page.getByRole('option', { name: /south/ }).dblclick();
    await page.waitForURL('**/vehicle?id=*');
    await page.getByRole('heading', { level: 1, name: 'south' }).waitFor();
    const speed = page.getByRole('listitem').filter({ hasText: /km\/h/ }).first();
    const before = await speed.innerText();
    await expect.poll(() => speed.innerText(), { timeout: 20_000 }).not.toBe(before);

    const openTab = async (name: string) => {
      const address = new URL(page.url());
      address.searchParams.set('tab', name);
      await page.goto(address.href);
      await page.getByRole('heading', { level: 1, name: 'south' }).waitFor();
    };
    await openTab('engine');
    await page.locator('main canvas').first().waitFor();
    await openTab('track');
    await page.locator('main canvas').first().waitFor();
    await openTab('data');
    await expect.poll(() => page.locator('main').innerText(), { timeout: 20_000 }).toMatch(/Lots\s+\d+/);
    expect(problems).toEqual([]);
    await context.close();
  });

  test.each([
    ['fr-FR', 'light', 1440],
    ['en-GB', 'dark', 1440],
    ['fr-FR', 'dark', 390],
    ['en-GB', 'light', 390],
  ] as const)('every page is accessible: %s, %s, %i px', async (locale, scheme, width) => {
    const { context, page } = await visit(browser, locale, scheme, width);
    const found: Record<string, string[]> = {};
    await page.goto(`${temoin.address}/sign-in`);
    await page.locator('#sign-in-email').waitFor();
    found['sign-in'] = await axeProblems(page);
    // A phone shows the list in a sheet that may be closed: sign in at full width, then look at this width.
    await page.setViewportSize({ width: 1440, height: 900 });
    await signInByForm(page, temoin.address, account);
    await speak(page, temoin.address, locale === 'en-GB' ? 'English' : 'Français');
    const id = await vehicleId(temoin.address, page);
    await page.setViewportSize({ width, height: 900 });
    for (const path of [
      '/',
      '/vehicles',
      '/settings',
      ...['now', 'track', 'engine', 'data'].map((tab) => `/vehicle?id=${id}&tab=${tab}`),
    ]) {
      await page.goto(temoin.address + path);
      await page.locator('main').waitFor();
      await page.waitForLoadState('networkidle').catch(() => undefined);
      found[path.replace(id, 'ID')] = await axeProblems(page);
    }
    expect(Object.fromEntries(Object.entries(found).filter(([, problems]) => problems.length > 0))).toEqual({});
    await context.close();
  });

  test('without a network it starts again with the last known state', async () => {
    const { context, page } = await visit(browser, 'en-GB', 'light');
    await signInByForm(page, temoin.address, account);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    // The first page was loaded before there was a worker; the second is under its care, and leaves its copies.
    await page.reload();
    await page.getByRole('option', { name: /west/ }).waitFor();
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
    await page.waitForTimeout(2_000);
    await context.setOffline(true);
    await page.reload();
    await page.getByRole('option', { name: /west/ }).waitFor({ timeout: 20_000 });
    await expect.poll(() => page.locator('body').innerText()).toMatch(/Hors ligne/);
    await context.setOffline(false);
    await context.close();
  });
});

/** Id of the first vehicle, as the page's own requests see it. */
async function vehicleId(address: string, page: import('playwright-core').Page): Promise<string> {
  await page.goto(`${address}/vehicles`);
  const href = await page.locator('a[href*="/vehicle?id="]').first().getAttribute('href');
  return new URL(href ?? '', address).searchParams.get('id') ?? '';
}
