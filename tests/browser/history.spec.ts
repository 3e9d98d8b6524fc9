// What a post said before, and two people who write in it at once: nobody loses a word, and the way back is walked by keyboard.
import type { Page } from '@playwright/test';
import { findings, over } from './axe';
import { PULSE } from './clock';
import { ask, expect, newId, session, test, type Town } from './town';

const content = (town: Town, text: string, more: object = {}) => ({
  kind: 'routine',
  titles: { es: 'Fiestas', en: 'Fiestas' },
  texts: { es: text, en: 'In August.' },
  targets: [{ channel: town.noticeboard, languages: ['es', 'en'] }],
  ...more,
});

/** Tabs until something is focused. */
async function tabTo(page: Page, selector: string, most = 120) {
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => !!document.activeElement?.matches(wanted), selector)) return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

test('two people write in one draft, and both changes stay', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const author = await session(request, baseURL!, of('author'));
  const post = newId();
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content: content(town, 'En agosto.') });

  const mine = await as('author');
  await mine.goto(`/desk/posts/${post}/edit`);
  await expect(mine.locator('#text-es')).toHaveValue('En agosto.');
  const theirs = await as('administrator');
  await theirs.goto(`/desk/posts/${post}/edit`);
  await expect(theirs.locator('#text-es')).toHaveValue('En agosto.');
  // Each sees who else is there, by name.
  await expect(theirs.getByText(words('compose_others', { names: '' }).trim())).toBeVisible();
  await expect(mine.getByText(words('compose_others', { names: '' }).trim())).toBeVisible({ timeout: PULSE });

  await theirs.locator('#title-es').fill('Fiestas de San Roque');
  await expect(theirs.locator('.saved')).toHaveAttribute('data-hue', 'good');
  await mine.locator('#text-es').fill('En agosto, con programa.');
  await expect(mine.locator('.saved')).toHaveAttribute('data-hue', 'good');
  // Theirs came in by itself, and it is said.
  await expect(mine.locator('#title-es')).toHaveValue('Fiestas de San Roque');
  await expect(mine.getByText(words('compose_joined_what'))).toBeVisible();
  await expect(mine.locator('.conflict')).toHaveCount(0);
  const merged = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
  expect([merged.post.content.titles.es, merged.post.content.texts.es]).toEqual(['Fiestas de San Roque', 'En agosto, con programa.']);

  // Both change the same sentence: both stand side by side until somebody chooses, and nothing is stored meanwhile.
  await theirs.reload();
  await expect(theirs.locator('#text-es')).toHaveValue('En agosto, con programa.');
  await theirs.locator('#text-es').fill('En agosto, con fuegos.');
  await expect(theirs.locator('.saved')).toHaveAttribute('data-hue', 'good');
  await mine.locator('#text-es').fill('En agosto, con música.');
  const question = mine.locator('.conflict');
  await expect(question).toBeVisible();
  const save = question.getByRole('button', { name: words('compose_conflict_mix'), exact: true });
  await expect(save).toBeDisabled();
  await expect(question.locator('ins').first()).toBeVisible();
  expect(await findings(mine, { within: '.conflict' })).toEqual([]);
  // What is typed on is what would be taken.
  await mine.locator('#text-es').fill('En agosto, con música y baile.');
  await question.getByRole('radio', { name: words('compose_conflict_side_both') }).focus();
  await mine.keyboard.press('Space');
  await expect(save).toBeEnabled();
  await save.focus();
  await mine.keyboard.press('Enter');
  await expect(question).toHaveCount(0);
  await expect(mine.locator('#text-es')).toHaveValue('En agosto, con música y baile.\n\nEn agosto, con fuegos.');
  await expect(mine.locator('.saved')).toHaveAttribute('data-hue', 'good');
});

test('an earlier version is compared and restored by keyboard, and undone', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const author = await session(request, baseURL!, of('author'));
  const administrator = await session(request, baseURL!, of('administrator'));
  const mayor = await session(request, baseURL!, of('approver'));
  const post = newId();
  const save = (who: string, version: number, text: string) =>
    ask(request, baseURL!, who, 'PUT', `/api/posts/${post}`, { version, content: content(town, text) });
  await save(author, 0, 'El pleno es el jueves.');
  await save(administrator, 1, 'El pleno es el viernes.');
  const waiting = await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/submissions`, { version: 2 });
  const choice = { decision: 'approve' };
  await ask(request, baseURL!, mayor, 'POST', `/api/posts/${post}/decisions`, { content_hash: waiting.content_hash, choice });

  const page = await as('author');
  await page.goto(`/desk/posts/${post}`);
  await expect(page.getByText(words('post_next_approved'))).toBeVisible();
  await tabTo(page, '.history > .actions button');
  await page.keyboard.press('Enter');
  const panel = page.locator('.history');
  await expect(panel.locator('.lines > li')).toHaveCount(2);
  await expect(panel.locator('.difference del')).toHaveText('jueves');
  await expect(panel.locator('.difference ins')).toHaveText('viernes');
  expect(await over(page)).toBeLessThanOrEqual(0);
  expect(await findings(page, { within: '.history' })).toEqual([]);

  await tabTo(page, '.history .lines button');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: words('history_restore_title') });
  await expect(dialog).toContainText(words('compose_voids_approval'));
  await dialog.getByRole('button', { name: words('history_restore_do'), exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByText(words('post_next_draft'))).toBeVisible();
  await expect(page.locator('#post-versions')).toBeFocused();
  const restored = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
  expect(restored.post.content.texts.es).toBe('El pleno es el jueves.');

  await page.getByRole('button', { name: words('calendar_undo'), exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText(words('history_undone'))).toBeVisible();
  const undone = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
  expect(undone.post.content.texts.es).toBe('El pleno es el viernes.');
});

test('an answer that got lost is nobody else\'s version', async ({ as, town, words, request, baseURL }) => {
  const author = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  const post = newId();
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content: content(town, 'En agosto.') });
  const page = await as('author');
  await page.goto(`/desk/posts/${post}/edit`);
  await expect(page.locator('#text-es')).toHaveValue('En agosto.');
  // It arrives, and the desk does not hear of it.
  let lost = 0;
  await page.route(`**/api/posts/${post}`, async (route) => {
    if (route.request().method() !== 'PUT' || lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    await route.abort();
  });
  await page.locator('#text-es').fill('En agosto, con programa.');
  await expect(page.locator('.saved')).toContainText(words('compose_saved_offline'));
  expect(lost).toBe(1);
  await page.locator('#text-es').fill('En agosto, sin programa.');
  await expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');
  await expect(page.locator('.conflict')).toHaveCount(0);
  const stored = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
  expect(stored.post.content.texts.es).toBe('En agosto, sin programa.');
});

test('older versions come where the keyboard is', async ({ as, town, words, request, baseURL }) => {
  const author = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  const post = newId();
  const path = `/api/posts/${post}`;
  let version = 0;
  for (let round = 1; round <= 12; round += 1) {
    version = (await ask(request, baseURL!, author, 'PUT', path, { version, content: content(town, `Ronda ${round}.`) })).post.version;
    version = (await ask(request, baseURL!, author, 'POST', `${path}/submissions`, { version })).post.version;
    version = (await ask(request, baseURL!, author, 'DELETE', `${path}/submissions`, { version })).post.version;
  }
  const page = await as('author');
  await page.goto(`/desk/posts/${post}`);
  // That the keyboard reaches it, the other journey shows: here twelve rounds stand before it.
  await page.locator('.history > .actions button').focus();
  await page.keyboard.press('Enter');
  const lines = page.locator('.history .lines > li');
  await expect(lines).toHaveCount(10);
  await page.getByRole('button', { name: words('history_more'), exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(lines).toHaveCount(12);
  await expect(lines.nth(10)).toBeFocused();
});
