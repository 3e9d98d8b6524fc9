// Prepared texts: the ready templates are taken over and one becomes a draft in the composer, a reply is agreed to by somebody
// else and copied, and an employee proposes from a phone without a script.
import type { Locator, Page } from '@playwright/test';
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test('the ready templates are taken over, one is filled in, and its text stands in the draft', async ({ as, words }) => {
  const author = await as('author');
  await author.goto('/desk/texts');
  await expect(author.getByText(words('texts_empty_title'))).toBeVisible();
  await expect(author.getByRole('button', { name: words('texts_ready_add') })).toHaveCount(0);

  const administrator = await as('administrator', phone);
  await administrator.goto('/desk/texts');
  await administrator.getByRole('button', { name: words('texts_ready_add'), exact: true }).click();
  await expect(administrator.locator('.texts .lines > li')).toHaveCount(10);
  expect(await findings(administrator)).toEqual([]);
  expect(await over(administrator)).toBeLessThanOrEqual(0);
  // One of the town's own: what the text names in braces is found, and asked for.
  await administrator.getByRole('button', { name: words('texts_new'), exact: true }).click();
  const form = administrator.locator('section', { has: administrator.locator('#new-template') });
  await form.getByLabel(words('texts_name'), { exact: true }).fill('Mercadillo');
  await form.getByLabel(new RegExp(`^${words('texts_text')}`)).first().fill('El mercadillo pasa a {lugar}.');
  await form.getByRole('button', { name: words('texts_blank_add'), exact: true }).click();
  await expect(form.locator('.texts-blank legend')).toHaveText('{lugar}');
  expect(await findings(administrator)).toEqual([]);
  await form.getByRole('button', { name: words('general_save'), exact: true }).click();
  await expect(administrator.locator('.texts .lines > li')).toHaveCount(11);

  await author.reload();
  const line = author.locator('.texts .lines > li', { hasText: 'Mercadillo' });
  await line.getByRole('link', { name: new RegExp(words('texts_use')) }).click();
  const dialog = author.getByRole('dialog');
  await expect(dialog.getByLabel(words('texts_begin_which'))).toBeVisible();
  // Nothing is made of it while something that is wanted is missing, and that is said.
  await dialog.getByRole('button', { name: words('texts_begin_do'), exact: true }).click();
  await expect(dialog.getByRole('alert')).not.toBeEmpty();
  await expect(author.locator('#text-es')).toHaveValue('');
  await dialog.getByLabel('lugar', { exact: true }).fill('la plaza Nueva');
  await expect(dialog.locator('.texts-said').first()).toHaveText('El mercadillo pasa a la plaza Nueva.');
  expect(await findings(author)).toEqual([]);
  await dialog.getByRole('button', { name: words('texts_begin_do'), exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(author.locator('#text-es')).toHaveValue('El mercadillo pasa a la plaza Nueva.');
  // By what right it is said comes along, and can be said otherwise while it is a draft.
  await expect(author.getByText(words('basis_from', { name: 'Mercadillo', version: '1' }))).toBeVisible();
  await author.locator('#basis').fill('Ordenanza de mercados');
  await expect(author.locator('#basis')).toHaveValue('Ordenanza de mercados');

  // What is written is not written over without asking.
  await author.getByRole('button', { name: words('texts_begin'), exact: true }).click();
  await dialog.getByLabel(words('texts_begin_which')).selectOption({ label: 'Mercadillo' });
  await dialog.getByLabel('lugar', { exact: true }).fill('el paseo');
  await dialog.getByRole('button', { name: words('texts_begin_do'), exact: true }).click();
  await expect(dialog.getByText(words('texts_begin_over'))).toBeVisible();
  await expect(author.locator('#text-es')).toHaveValue('El mercadillo pasa a la plaza Nueva.');
  await dialog.getByRole('button', { name: words('texts_begin_replace'), exact: true }).click();
  await expect(author.locator('#text-es')).toHaveValue('El mercadillo pasa a el paseo.');
});

test('a reply is agreed to by somebody who did not write it, and copied', async ({ as, words }) => {
  const author = await as('author', { permissions: ['clipboard-read', 'clipboard-write'] });
  await author.goto('/desk/texts?view=replies');
  await author.getByRole('button', { name: words('texts_reply_first'), exact: true }).click();
  const form = author.locator('section', { has: author.locator('#new-reply') });
  await form.getByLabel(words('texts_reply_situation')).fill('¿Cuándo recogen los muebles?');
  await form.getByLabel(new RegExp(`^${words('texts_reply_text')}`)).first().fill('El primer lunes de cada mes.');
  expect(await findings(author)).toEqual([]);
  await form.getByRole('button', { name: words('general_save'), exact: true }).click();
  const line = author.locator('.texts .lines > li', { hasText: '¿Cuándo recogen los muebles?' });
  await expect(line).toContainText(words('texts_reply_draft'));
  await expect(line.getByRole('button', { name: new RegExp(words('general_copy')) })).toHaveCount(0);

  const mayor = await as('approver', phone);
  await mayor.goto('/desk/texts?view=replies');
  await mayor.getByRole('button', { name: new RegExp(`^${words('texts_reply_agree')}`) }).click();
  await expect(mayor.locator('.texts .lines > li').first()).toContainText(words('texts_reply_good'));
  expect(await findings(mayor)).toEqual([]);
  expect(await over(mayor)).toBeLessThanOrEqual(0);

  await author.getByLabel(words('texts_search')).fill('MUEBLES');
  await author.getByRole('button', { name: words('texts_search_do'), exact: true }).click();
  await expect(line).toContainText(words('texts_reply_good'));
  await line.getByRole('button', { name: new RegExp(`^${words('general_copy')}`) }).click();
  await expect(author.getByText(words('general_copied'), { exact: true })).toBeVisible();
  expect(await author.evaluate(() => navigator.clipboard.readText())).toBe('El primer lunes de cada mes.');
  await author.getByLabel(words('texts_search')).fill('piscina');
  await author.getByRole('button', { name: words('texts_search_do'), exact: true }).click();
  await expect(author.getByText(words('texts_reply_not_found'))).toBeVisible();
});

test('a template names whoever is in the book and has emoji beside its fields; a reply, which goes to no network, has emoji alone', async ({ as, words, town, request, baseURL }) => {
  const author = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  const entry = { name: 'Cruz Roja', accounts: { x: 'CruzRoja' } };
  await ask(request, baseURL!, author, 'PUT', `/api/contacts/${newId()}`, { version: 0, body: entry });
  const open = async (field: Locator) => {
    const label = (await field.locator('label').first().textContent())!;
    return field.getByRole('button', { name: words('symbols_open', { field: label }), exact: true });
  };
  /** Puts a heart where one writes, by keys, and is back there. */
  const heart = async (page: Page, field: Locator) => {
    await (await open(field)).press('Enter');
    const panel = page.getByRole('dialog', { name: words('symbols_title') });
    const first = panel.getByRole('gridcell').first();
    await expect(first).toBeFocused();
    await panel.getByLabel(words('symbols_search')).fill('corazon rojo');
    await expect(first).toHaveAccessibleName('corazón rojo');
    await panel.getByLabel(words('symbols_search')).press('Enter');
    expect(await findings(page, { within: '.symbols' })).toEqual([]);
    expect(await over(page)).toBeLessThanOrEqual(0);
    await page.keyboard.press('Escape');
    await expect(panel).toHaveCount(0);
  };

  // As wide as a phone, and with keys.
  const page = await as('administrator', { viewport: phone.viewport });
  const fetched: string[] = [];
  page.on('request', (one) => {
    if (/\/desk\/symbols-/.test(one.url())) fetched.push(one.url());
  });
  await page.goto('/desk/texts');
  await page.getByRole('button', { name: words('texts_new'), exact: true }).click();
  const form = page.locator('section', { has: page.locator('#new-template') });
  await form.getByLabel(words('texts_name'), { exact: true }).fill('Feria');
  const field = form.locator('.field', { has: page.locator('textarea[lang="es"]') });
  const text = field.locator('textarea');
  await text.pressSequentially('Feria en {lugar} con @cru');
  await expect(field.getByRole('option', { name: /Cruz Roja/ })).toHaveAttribute('aria-selected', 'true');
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);
  await page.keyboard.press('ArrowDown');
  await expect(field.getByRole('combobox')).toBeFocused();
  // What is written is kept when it is saved and not before: nothing in the form leads away from it.
  await expect(field.getByRole('link')).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(text).toHaveValue('Feria en {lugar} con @[Cruz Roja]');
  await expect(text).toBeFocused();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(text).toHaveValue('Feria en {lugar} con @cru');
  await page.keyboard.press('ControlOrMeta+Shift+z');
  await expect(text).toHaveValue('Feria en {lugar} con @[Cruz Roja]');
  await page.keyboard.press('Control+End');
  await page.keyboard.type('. ');
  expect(fetched, 'nothing of it comes with the page').toEqual([]);
  await heart(page, field);
  expect(fetched).toHaveLength(1);
  await expect(text).toHaveValue('Feria en {lugar} con @[Cruz Roja]. ❤️');
  await expect(text).toBeFocused();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(text).toHaveValue('Feria en {lugar} con @[Cruz Roja]. ');
  await page.keyboard.press('ControlOrMeta+Shift+z');
  await expect(text).toHaveValue('Feria en {lugar} con @[Cruz Roja]. ❤️');
  // A heading names nobody.
  const heading = form.locator('.field', { has: page.locator('input[lang="es"]') });
  await expect(heading.getByRole('button')).toHaveCount(1);
  await heart(page, heading);
  await expect(heading.locator('input')).toHaveValue('❤️');
  await form.getByRole('button', { name: words('general_save'), exact: true }).click();
  await expect(page.locator('.texts .lines > li', { hasText: 'Feria' })).toBeVisible();

  // What comes of it mentions them: on the board, which has no accounts, by the plain name.
  const writer = await as('author');
  await writer.goto('/desk/texts');
  await writer.locator('.texts').getByRole('link', { name: new RegExp(words('texts_use')) }).click();
  const dialog = writer.getByRole('dialog');
  await dialog.getByLabel('lugar', { exact: true }).fill('la plaza');
  await dialog.getByRole('button', { name: words('texts_begin_do'), exact: true }).click();
  await expect(writer.locator('#text-es')).toHaveValue('Feria en la plaza con @[Cruz Roja]. ❤️');
  const shown = writer.locator('.destination').first();
  await expect(shown).toContainText('Feria en la plaza con Cruz Roja.');
  await expect(writer.locator('.saved')).toHaveAttribute('data-hue', 'good');

  await writer.goto('/desk/texts?view=replies');
  await writer.getByRole('button', { name: words('texts_reply_first'), exact: true }).click();
  const reply = writer.locator('section', { has: writer.locator('#new-reply') });
  const answer = reply.locator('.field', { has: writer.locator('textarea[lang="es"]') });
  await answer.locator('textarea').fill('Gracias ');
  await expect(reply.getByRole('button', { name: words('contacts_pick'), exact: true })).toHaveCount(0);
  await heart(writer, answer);
  await expect(answer.locator('textarea')).toHaveValue('Gracias ❤️');
  await expect(answer.locator('textarea')).toBeFocused();
});

/** axe needs a script, and this page has none: a twin of it, as it stands, is examined in a browser that runs one. */
async function examine(page: Page) {
  const html = await page.content();
  const context = await page.context().browser()!.newContext(phone);
  const twin = await context.newPage();
  await twin.route(page.url(), (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }));
  await twin.goto(page.url());
  for (const colorScheme of ['light', 'dark'] as const) {
    await twin.emulateMedia({ colorScheme });
    expect.soft(await findings(twin, { colours: colorScheme === 'dark' })).toEqual([]);
  }
  for (const width of [320, 390, 1440]) {
    await twin.setViewportSize({ width, height: 844 });
    expect.soft(await over(twin)).toBeLessThanOrEqual(0);
  }
  await context.close();
}

test('an employee proposes from a phone without a script, and the officer takes it up', async ({ as, browser, words, baseURL }) => {
  const author = await as('author');
  await author.goto('/desk/texts?view=proposals');
  await expect(author.getByText(words('texts_proposals_none'))).toBeVisible();
  await author.getByLabel(words('texts_link_name')).fill('Policía Local');
  await author.getByRole('button', { name: words('texts_link_make'), exact: true }).last().click();
  const address = (await author.locator('.notice .code').textContent())!;
  expect(await findings(author)).toEqual([]);

  const context = await browser.newContext({ ...phone, baseURL, javaScriptEnabled: false, locale: 'es-ES' });
  const page = await context.newPage();
  await page.goto(address);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await examine(page);
  await page.locator('#line').fill(' ');
  await page.locator('#name').fill('La agente');
  await page.locator('form button').click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.locator('#name')).toHaveValue('La agente');
  await examine(page);
  await page.locator('#line').fill('Hoy enseñamos educación vial en el colegio.');
  await page.locator('form button').click();
  await expect(page).toHaveURL(/sent=1/);
  await examine(page);
  await context.close();

  await author.reload();
  const line = author.locator('.texts .lines > li', { hasText: 'educación vial' });
  await expect(line).toContainText('La agente');
  expect(await findings(author)).toEqual([]);
  await line.getByRole('button', { name: new RegExp(`^${words('texts_proposal_take')}`) }).click();
  await expect(author).toHaveURL(/\/desk\/posts\/\w+\/edit/);
  await expect(author.locator('#text-es')).toHaveValue('Hoy enseñamos educación vial en el colegio.');
});
