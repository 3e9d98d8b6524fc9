// Emoji and signs in the composer: by keys alone, by name, by thumb; fetched when they are asked for and not before, and there without
// a network afterwards.
import { request as send } from 'node:http';
import { brotliDecompressSync } from 'node:zlib';
import { findings, over } from './axe';
import { expect, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const FILE = /\/desk\/symbols-(es|en)-[0-9a-f]{16}\.txt$/;

test('whoever writes puts emoji and signs where the caret is, by keys alone', async ({ as, words }) => {
  const page = await as('author');
  const fetched: string[] = [];
  page.on('request', (request) => {
    if (FILE.test(request.url())) fetched.push(request.url());
  });
  await page.goto('/desk/posts/new');
  const text = page.locator('#text-es');
  await text.fill('Corte de agua mañana');
  await text.press('Home');
  for (let step = 0; step < 'Corte '.length; step += 1) await text.press('ArrowRight');
  expect(fetched, 'nothing of it comes with the composer').toEqual([]);

  const open = page.getByRole('button', { name: words('symbols_open', { field: words('compose_text') }), exact: true });
  await open.focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: words('symbols_title') });
  const cells = panel.getByRole('gridcell');
  await expect(cells.first()).toBeFocused();
  expect(fetched).toHaveLength(1);
  // Eight in a row: the arrows walk, and one of all is reached by Tab.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(cells.nth(9)).toBeFocused();
  await page.keyboard.press('End');
  await expect(cells.nth(15)).toBeFocused();
  await page.keyboard.press('Home');
  await expect(cells.nth(8)).toBeFocused();
  await page.keyboard.press('Control+Home');
  await expect(cells.first()).toBeFocused();
  await expect(panel.locator('[role=gridcell][tabindex="0"]')).toHaveCount(1);
  expect(await findings(page, { within: '.symbols' })).toEqual([]);
  // What is typed is searched, accents or none; each is called by its name.
  await page.keyboard.type('corazon rojo');
  await expect(panel.getByLabel(words('symbols_search'))).toHaveValue('corazon rojo');
  await expect(cells.first()).toHaveAccessibleName('corazón rojo');
  await page.keyboard.press('Enter');
  await expect(text).toHaveValue('Corte ❤️de agua mañana');
  await panel.getByLabel(words('symbols_search')).fill('flecha derecha');
  await page.keyboard.press('ArrowDown');
  await expect(cells.first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(text).toHaveValue(/^Corte ❤️.+de agua mañana$/u);
  await panel.getByLabel(words('symbols_search')).fill('zzzz');
  await expect(panel.getByText(words('symbols_none'))).toBeVisible();
  // Escape leads back to where one writes, behind what was put in.
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(text).toBeFocused();
  await page.keyboard.type('!');
  await expect(text).toHaveValue(/^Corte ❤️.+!de agua mañana$/u);
  await expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');

  // Whoever put nothing in is where they were; what was used last comes first.
  await open.press('Enter');
  await expect(panel.getByLabel(words('symbols_group'), { exact: true })).toHaveValue('recent');
  await expect(cells).toHaveCount(2);
  await expect(cells.last()).toHaveAccessibleName('corazón rojo');
  await page.keyboard.press('Escape');
  await expect(open).toBeFocused();
});

test('what was put in is taken back by the keys for it, and put in again', async ({ as, words }) => {
  const page = await as('author');
  await page.goto('/desk/posts/new');
  // A field of several lines, and one of one.
  for (const [id, name] of [['#text-es', 'compose_text'], ['#title-es', 'compose_heading']]) {
    const field = page.locator(id);
    await field.pressSequentially('Corte de agua');
    await page.getByRole('button', { name: words('symbols_open', { field: words(name) }), exact: true }).click();
    const panel = page.getByRole('dialog', { name: words('symbols_title') });
    const search = panel.getByLabel(words('symbols_search'));
    await expect(panel.getByRole('gridcell').first()).toBeFocused();
    await search.fill('corazon rojo');
    await expect(panel.getByRole('gridcell').first()).toHaveAccessibleName('corazón rojo');
    await search.press('Enter');
    await expect(field).toHaveValue('Corte de agua❤️');
    // The field had the focus for a moment; the panel stays open, and whoever searches goes on.
    await expect(panel).toBeVisible();
    await expect(search).toBeFocused();
    await expect(field).not.toHaveAttribute('inputmode');
    await page.keyboard.press('Escape');
    await expect(field).toBeFocused();
    await page.keyboard.press('ControlOrMeta+z');
    await expect(field).toHaveValue('Corte de agua');
    await page.keyboard.press('ControlOrMeta+Shift+z');
    await expect(field).toHaveValue('Corte de agua❤️');
    await page.keyboard.press('ControlOrMeta+z');
    await expect(field).toHaveValue('Corte de agua');
  }
  await expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');
});

test('a tone is kept, signs of notices have a group, and all of it is there without a network', async ({ as, words }) => {
  const page = await as('author', { ...phone, serviceWorkers: 'allow' });
  await page.goto('/desk/posts/new');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  const open = page.getByRole('button', { name: words('symbols_open', { field: words('compose_heading') }), exact: true });
  const box = (await open.boundingBox())!;
  expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
  await open.tap();
  const panel = page.getByRole('dialog', { name: words('symbols_title') });
  const cells = panel.getByRole('gridcell');
  const cell = (await cells.first().boundingBox())!;
  expect([cell.width >= 40, cell.height >= 44]).toEqual([true, true]);
  expect(await over(page)).toBeLessThanOrEqual(0);
  await panel.getByLabel(words('symbols_tone'), { exact: true }).selectOption('medium');
  await panel.getByLabel(words('symbols_group'), { exact: true }).selectOption('people-body');
  await expect(cells.first()).toHaveAccessibleName(/tono de piel medio$/);
  await cells.first().tap();
  const title = page.locator('#title-es');
  await expect(title).toHaveValue('👋🏽');
  await panel.getByLabel(words('symbols_group'), { exact: true }).selectOption('notices');
  await panel.getByRole('gridcell', { name: 'ordinal masculino', exact: true }).tap();
  await expect(title).toHaveValue('👋🏽º');
  expect(await findings(page, { within: '.symbols' })).toEqual([]);
  await panel.getByRole('button', { name: words('general_close') }).tap();
  await expect(title).toBeFocused();
  await expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');

  await page.context().setOffline(true);
  await open.tap();
  await expect(panel.getByLabel(words('symbols_tone'), { exact: true })).toHaveValue('medium');
  await expect(cells.first()).toHaveAccessibleName('ordinal masculino');
  await page.context().setOffline(false);
});

test('what is offered goes out as it was packed, is kept for good, and weighs what the documents say', async ({ as, baseURL, words }) => {
  const page = await as('author');
  await page.goto('/desk/posts/new');
  const asked = page.waitForRequest(FILE);
  await page.getByRole('button', { name: words('symbols_open', { field: words('compose_text') }), exact: true }).click();
  const address = new URL((await asked).url(), baseURL);
  const { headers, body } = await new Promise<{ headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const ask = send(address, { headers: { 'accept-encoding': 'br' } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ headers: answer.headers, body: Buffer.concat(parts) }));
    });
    ask.on('error', reject);
    ask.end();
  });
  expect([headers['content-encoding'], headers['content-type']]).toEqual(['br', 'text/plain; charset=utf-8']);
  expect(headers['cache-control']).toContain('immutable');
  expect(body.length).toBeLessThan(45_000);
  expect(brotliDecompressSync(body).toString('utf8')).toContain('€\teuro\t');
});
