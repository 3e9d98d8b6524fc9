// A decision is signed with the passkey on a phone, and its receipt is verified by who has no access to the desk.
import type { Page } from '@playwright/test';
import { authenticator } from './authenticator';
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

async function examine(page: Page) {
  expect.soft(await findings(page)).toEqual([]);
  expect.soft(await over(page), 'it is wider than its screen').toBeLessThanOrEqual(0);
}

test('the passkey signs the decision, and anybody verifies the receipt from its printed code', async ({ as, town, words, request, baseURL }) => {
  const mayor = await as('approver', phone);
  await authenticator(mayor);
  await mayor.goto('/desk/devices');
  await mayor.getByRole('button', { name: words('devices_add'), exact: true }).first().click();
  await mayor.getByRole('dialog').getByRole('button', { name: words('entry_make_passkey'), exact: true }).click();
  await expect(mayor.getByText(words('devices_how_session'))).toBeVisible();

  const author = await session(request, baseURL!, town.members.find(([role]) => role === 'author')![1]);
  const id = newId();
  const content = {
    kind: 'routine', titles: { es: 'Corte de agua', en: 'Water cut' },
    texts: { es: 'Mañana no hay agua en la calle Mayor.', en: 'There is no water in calle Mayor tomorrow.' },
    targets: [{ channel: town.noticeboard, languages: ['es', 'en'] }],
  };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: 0, content });
  await ask(request, baseURL!, author, 'POST', `/api/posts/${id}/submissions`, { version: 1 });

  // Two taps and the passkey: the notice's link, and this button.
  const sent: string[] = [];
  mayor.on('request', (one) => one.method() === 'POST' && one.url().endsWith('/decisions') && sent.push(one.postData() ?? ''));
  await mayor.goto(`/desk/approvals?post=${id}`);
  await mayor.getByRole('button', { name: words('approvals_approve'), exact: true }).click();
  await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();
  expect(sent).toHaveLength(1);
  expect(JSON.parse(sent[0]).signed.statement).toContain(id);

  await mayor.goto(`/desk/posts/${id}`);
  await mayor.getByRole('link', { name: words('post_life_receipt'), exact: true }).click();
  await expect(mayor.getByRole('heading', { level: 1, name: words('receipt_title') })).toBeVisible();
  await expect(mayor.getByRole('img', { name: words('receipt_qr') })).toBeVisible();
  await expect(mayor.getByText(words('receipt_qr_text'))).toBeVisible();
  await examine(mayor);
  await mayor.emulateMedia({ colorScheme: 'dark' });
  expect.soft(await findings(mayor, { colours: true })).toEqual([]);

  // What the code holds, read by a stranger's browser: nothing is known there but the address.
  const link = await mayor.getByRole('link', { name: words('receipt_verify'), exact: true }).getAttribute('href');
  const stranger = await mayor.context().browser()!.newContext();
  const page = await stranger.newPage();
  const asked: string[] = [];
  page.on('request', (one) => asked.push(one.url()));
  await page.goto(link!);
  await expect(page.locator('#verdict')).toHaveClass(/good/);
  expect(page.url()).not.toContain('#');
  expect(asked.every((address) => !address.includes('#r='))).toBe(true);
  // One letter of it changed is no receipt.
  const middle = Math.floor(link!.length / 2);
  const other = link![middle] === 'A' ? 'B' : 'A';
  await page.goto('about:blank');
  await page.goto(link!.slice(0, middle) + other + link!.slice(middle + 1));
  await expect(page.locator('#verdict')).toHaveClass(/bad|unsure/);
  await stranger.close();
});
