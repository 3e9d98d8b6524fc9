// A post in two languages for two channels on one screen: how each variant stands, the way to each by keyboard, and a translation
// beside its original, whose later changes are marked until somebody writes or says that it is up to date.
import type { Page } from '@playwright/test';
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const ACCOUNT = 'Nuestra cuenta';

test('every variant says how it stands, and a translation what changed since', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const administrator = await session(request, baseURL!, of('administrator'));
  const author = await session(request, baseURL!, of('author'));
  const connect = { network: 'assisted', on: 'x', channel: null, name: ACCOUNT, handle: '@villa', address: 'https://x.com/villa' };
  const { channel } = await ask(request, baseURL!, administrator, 'POST', '/api/channels', connect);
  const targets = [town.noticeboard, channel.id].map((id: string) => ({ channel: id, languages: ['es', 'en'] }));
  const post = newId();
  const content = { kind: 'routine', titles: { es: 'Agua' }, texts: { es: 'Mañana no hay agua.' }, targets };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });

  const [spanish, english] = [words('language_es'), words('language_en')];
  const name = (language: string, ...state: string[]) =>
    words('variant_name', { channel: ACCOUNT, language, state: state.map((key) => words(key)).join(' · ') });
  /** How the account's variant in a language stands. */
  const variant = (page: Page, language: string) =>
    page.getByRole('button', { name: new RegExp(`^${words('variant_name', { channel: ACCOUNT, language, state: '' })}`) });
  const tab = (page: Page, language: string) => page.getByRole('tab', { name: new RegExp(`^${language}`) });
  const stored = async (page: Page) => expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');
  const press = async (page: Page, language: string) => {
    await variant(page, language).focus();
    await page.keyboard.press('Enter');
  };

  const page = await as('author');
  await page.goto(`/desk/posts/${post}/edit`);
  const matrix = page.getByRole('table', { name: words('compose_targets') });
  await expect(matrix.getByRole('columnheader')).toHaveText([words('variant_channel'), spanish, english]);
  await expect(variant(page, spanish)).toHaveAccessibleName(name(spanish, 'variant_derived'));
  await expect(variant(page, english)).toHaveAccessibleName(name(english, 'variant_missing'));

  // What is missing is written where its text is, what follows the common text is seen where it goes, an own text is in its field.
  await press(page, english);
  await expect(page.locator('#text-en')).toBeFocused();
  await page.keyboard.type('No water tomorrow.');
  await expect(variant(page, english)).toHaveAccessibleName(name(english, 'variant_derived'));
  await press(page, english);
  const place = page.locator(`#destination-${channel.id}-en`);
  await expect(place).toBeFocused();
  await place.getByRole('button', { name: words('compose_version_edit', { channel: ACCOUNT }), exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(variant(page, english)).toHaveAccessibleName(name(english, 'variant_own'));
  await press(page, english);
  const own = page.locator(`#version-${channel.id}-en`);
  await expect(own).toBeFocused();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('Tomorrow: no water.');
  await stored(page);

  // Too long for one of both: that one says so.
  await tab(page, spanish).click();
  await page.locator('#text-es').fill('Mañana no hay agua. '.repeat(20));
  await expect(variant(page, spanish)).toHaveAccessibleName(name(spanish, 'variant_derived', 'variant_stops_one'));
  await expect(matrix.locator('[data-state="stopped"]')).toHaveCount(1);
  await page.locator('#text-es').fill('Mañana no hay agua en la calle Mayor.');
  await expect(matrix.locator('[data-state="stopped"]')).toHaveCount(0);
  await stored(page);

  // Whose translation is behind now: the board's, which follows the common text, and not the account's, which has its own.
  await expect(matrix.locator('[data-state="behind"]')).toHaveCount(1);
  await expect(variant(page, english)).toHaveAccessibleName(name(english, 'variant_own'));
  await page.reload();
  await matrix.locator('[data-state="behind"]').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#text-en')).toBeFocused();
  const mark = page.getByText(words('translation_behind', { language: spanish }));
  await expect(mark).toBeVisible();
  const original = page.locator('.source-said:visible');
  await expect(original.locator('ins')).toContainText('calle Mayor');
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);
  const settle = page.getByRole('button', { name: words('translation_settle'), exact: true });
  await settle.focus();
  await page.keyboard.press('Enter');
  await expect(mark).toHaveCount(0);
  await expect(page.locator('#text-en')).toBeFocused();
  await page.reload();
  await expect(variant(page, english)).toBeVisible();
  await expect(matrix.locator('[data-state="behind"]')).toHaveCount(0);

  // On a phone, a list by channel: behind again, and written while what changed stays in sight.
  const small = await as('author', phone);
  await small.goto(`/desk/posts/${post}/edit`);
  await small.locator('#text-es').fill('Mañana no hay agua en la plaza Mayor.');
  await stored(small);
  await tab(small, english).click();
  await expect(small.getByText(words('translation_behind', { language: spanish }))).toBeVisible();
  await expect(small.locator('.source-said:visible del')).toHaveText('calle');
  expect(await findings(small)).toEqual([]);
  expect(await over(small)).toBeLessThanOrEqual(0);
  const [above, below] = await Promise.all([small.locator('.source-said:visible').boundingBox(), small.locator('#text-en').boundingBox()]);
  expect(above!.y + above!.height).toBeLessThanOrEqual(below!.y);
  expect((await variant(small, english).boundingBox())!.height).toBeGreaterThanOrEqual(44);
  await small.locator('#text-en').fill('No water tomorrow in the main square.');
  await expect(small.getByText(words('translation_written'))).toBeVisible();
  await expect(small.locator('.source-said:visible ins')).toHaveText('plaza');
  await stored(small);
  const view = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
  expect(view.behind).toBeUndefined();
  await expect(small.locator('[data-state="behind"]')).toHaveCount(0);
});

test('what was agreed to and has changed since is said of the variant that changed', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const author = await session(request, baseURL!, of('author'));
  const mayor = await session(request, baseURL!, of('approver'));
  const post = newId();
  const targets = [{ channel: town.noticeboard, languages: ['es', 'en'] }];
  const content = { kind: 'routine', titles: {}, texts: { es: 'En agosto.', en: 'In August.' }, targets };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });
  const waiting = await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/submissions`, { version: 1 });
  const choice = { decision: 'approve' };
  await ask(request, baseURL!, mayor, 'POST', `/api/posts/${post}/decisions`, { content_hash: waiting.content_hash, choice });

  const page = await as('author');
  await page.goto(`/desk/posts/${post}/edit`);
  const states = page.locator('.variant-state');
  await expect(states).toHaveCount(2);
  for (const state of await states.all()) await expect(state).toContainText(words('variant_agreed'));
  await page.locator('#text-es').fill('En septiembre.');
  await expect(states.nth(0)).toContainText(words('variant_changed'));
  await expect(states.nth(1)).toContainText(words('variant_agreed'));
  await expect(states.nth(1)).toContainText(words('variant_behind'));
  await expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');
  await expect(states.nth(0)).toContainText(words('variant_changed'));
});
