// A post that begins with a page: read by the engine, shown as its card, put into the draft; and its address alone where it cannot be read.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findings, over } from './axe';
import { expect, test } from './town';

// Two points of one colour.
const PHOTO = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const NEWS = `<!doctype html><html lang="en-GB"><head><title>Works</title><meta property="og:title" content="Works in the high street">
  <meta property="og:site_name" content="Villa"><meta name="description" content="They begin on Monday. They take two weeks. The street stays op">
  <meta property="og:image" content="/photo.png"><meta property="article:published_time" content="2026-05-03T09:00:00Z"></head><body></body></html>`;

let server: Server;
let site: string;

test.beforeAll(async () => {
  server = createServer((request, response) => {
    const said: Record<string, [string, string | Buffer]> = { '/works': ['text/html', NEWS], '/photo.png': ['image/png', PHOTO], '/edict': ['application/pdf', '%PDF-1.7'] };
    const [mime, body] = said[request.url ?? ''] ?? ['text/plain', ''];
    response.writeHead(said[request.url ?? ''] ? 200 : 404, { 'content-type': mime }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.afterAll(() => new Promise<void>((closed) => void server.close(() => closed())));

test('a page is read, shown and put into the draft in its own language', async ({ as, words }) => {
  const page = await as('author');
  await page.goto('/desk/posts/new');
  await page.getByRole('button', { name: words('from_link_begin') }).click();
  const dialog = page.getByRole('dialog', { name: words('from_link_title') });
  const address = dialog.getByLabel(words('from_link_address'));
  await expect(address).toBeFocused();
  await address.fill(`${site}/works`);
  await address.press('Enter');
  const card = dialog.locator('.from-link-card');
  await expect(card).toContainText('Works in the high street');
  await expect(card).toHaveAttribute('lang', 'en-gb');
  await expect(dialog).toContainText(words('from_link_picture'));
  await expect.poll(() => card.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  expect(await findings(page, { within: 'dialog[open]' })).toEqual([]);
  await dialog.getByRole('button', { name: words('from_link_do'), exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.locator('#title-en')).toHaveValue('Works in the high street');
  await expect(page.locator('#text-en')).toHaveValue('They begin on Monday. They take two weeks.');
  await expect(page.locator('#text-en')).toBeFocused();
  await expect(page.locator('#text-es')).toHaveValue('');
  await expect(page.locator('#link')).toHaveValue(`${site}/works`);
  await expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');

  // A second time something stands there: that is said before it is replaced.
  await page.locator('#text-en').fill('Ours.');
  await page.getByRole('button', { name: words('from_link_begin') }).click();
  await address.fill(`${site}/works`);
  await dialog.getByRole('button', { name: words('from_link_read') }).click();
  await expect(dialog.getByText(words('from_link_over'), { exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: words('general_cancel') }).click();
  await expect(page.locator('#text-en')).toHaveValue('Ours.');
});

test('what cannot be read says why, and its address alone is a beginning', async ({ as, words }) => {
  const page = await as('author', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await page.goto('/desk/posts/new');
  await page.getByRole('button', { name: words('from_link_begin') }).tap();
  const dialog = page.getByRole('dialog', { name: words('from_link_title') });
  const alone = dialog.getByRole('button', { name: words('from_link_alone') });
  for (const [path, key] of [['/nothing', 'missing'], ['/edict', 'document']]) {
    await dialog.getByLabel(words('from_link_address')).fill(`${site}${path}`);
    await dialog.getByRole('button', { name: words('from_link_read') }).tap();
    await expect(dialog.getByText(words(`refusal_bad_page_${key}`))).toBeVisible();
  }
  await dialog.getByLabel(words('from_link_address')).fill('https://10.0.0.1/');
  await dialog.getByRole('button', { name: words('from_link_read') }).tap();
  await expect(dialog.getByText(words('refusal_forbidden_address_what'))).toBeVisible();
  await dialog.getByLabel(words('from_link_address')).fill('https://villa.example/bando.pdf');
  expect(await over(page)).toBeLessThanOrEqual(0);
  await alone.tap();
  await expect(dialog).toBeHidden();
  await expect(page.locator('#link')).toHaveValue('https://villa.example/bando.pdf');
  await expect(page.locator('#text-es')).toHaveValue('');
});
