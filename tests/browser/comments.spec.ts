// What is said about a post: in the thread of the house and in the other one, to somebody by name, about words that then
// change; and what an approver sees of a second round on a phone.
import type { Page } from '@playwright/test';
import { findings, over } from './axe';
import { PULSE } from './clock';
import { ask, expect, newId, session, test, type Town } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const of = (town: Town, role: string) => town.members.find(([name]) => name === role)![1];

function notice(town: Town, text: string, pictures: unknown[] = []) {
  return { kind: 'routine', titles: { es: 'Corte de agua' }, texts: { es: text }, pictures, targets: [{ channel: town.noticeboard, languages: ['es'] }] };
}

async function examine(page: Page, where: string) {
  expect.soft(await findings(page), where).toEqual([]);
  expect.soft(await over(page), `${where} is wider than its screen`).toBeLessThanOrEqual(0);
}

/** Selects words in the first preview, as a mouse or a finger would. */
async function select(page: Page, words: string) {
  await page.locator('.preview-text').first().evaluate((element, words) => {
    const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const at = node.textContent!.indexOf(words);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + words.length);
      getSelection()!.removeAllRanges();
      getSelection()!.addRange(range);
      return;
    }
    throw new Error(`${words} is not there`);
  }, words);
}

test('two threads are apart, somebody is called by keyboard, and what is typed outlives what others say', async ({ as, town, words, request, baseURL }) => {
  const author = await session(request, baseURL!, of(town, 'author'));
  const mayor = await session(request, baseURL!, of(town, 'approver'));
  const id = newId();
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: 0, content: notice(town, 'Mañana no hay agua de nueve a once.') });
  const page = await as('author');
  await page.goto(`/desk/posts/${id}`);
  const house = page.locator('.thread[data-thread="internal"]');
  const all = page.locator('.thread[data-thread="external"]');
  await expect(house.getByText(words('comments_internal_hint'))).toBeVisible();
  await expect(all.getByText(words('comments_empty'))).toBeVisible();

  // Called by keyboard alone: an @, a few letters, down, enter.
  await house.getByRole('button', { name: words('comments_write'), exact: true }).press('Enter');
  const field = page.getByLabel(words('comments_label_internal'), { exact: true });
  await expect(field).toBeFocused();
  await page.keyboard.type('¿Se ha avisado al colegio? @alcald');
  await page.keyboard.press('ArrowDown');
  await expect(house.getByRole('button', { name: 'La alcaldesa', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('¿Se ha avisado al colegio? @La alcaldesa ');
  await examine(page, 'a comment being written');
  await house.getByRole('button', { name: words('comments_send'), exact: true }).click();
  const said = house.locator('.conversation');
  await expect(said).toHaveCount(1);
  await expect(said.locator('.called')).toHaveText('@La alcaldesa');
  await expect(all.locator('.conversation')).toHaveCount(0);

  // Half an answer is typed while somebody else says something in the same conversation.
  const { internal } = await ask(request, baseURL!, author, 'GET', `/api/posts/${id}/comments`);
  await said.getByRole('button', { name: words('comments_answer'), exact: true }).click();
  const answer = said.locator('textarea');
  await answer.fill('Lo miro aho');
  const remark = { audience: 'internal', anchor: { anchor: 'post' }, text: 'Sí, ayer.' };
  await ask(request, baseURL!, mayor, 'PUT', `/api/posts/${id}/threads/internal/${newId()}`, { remark, answers: internal[0].id });
  await expect(said.getByText('Sí, ayer.')).toBeVisible({ timeout: PULSE });
  await expect(answer).toHaveValue('Lo miro aho');
  await expect(answer).toBeFocused();
  await answer.press('End');
  await page.keyboard.type('ra.');
  await said.getByRole('button', { name: words('comments_send'), exact: true }).click();
  await expect(said.locator('.comment')).toHaveCount(3);

  // Reworded, resolved, opened again, deleted.
  await said.locator('.comment').last().getByRole('button', { name: new RegExp(`^${words('general_options')}`) }).click();
  await said.locator('.comment').last().getByRole('button', { name: words('general_edit'), exact: true }).click();
  await page.getByLabel(words('comments_edit_label'), { exact: true }).fill('Lo miro esta tarde.');
  await said.getByRole('button', { name: words('general_save'), exact: true }).click();
  await expect(said.getByText('Lo miro esta tarde.')).toBeVisible();
  await said.getByRole('button', { name: words('comments_resolve'), exact: true }).click();
  await expect(house.locator('.thread-closed summary')).toBeVisible();
  await expect(house.locator('.thread > .conversations .conversation')).toHaveCount(0);
  await house.locator('.thread-closed summary').click();
  await house.getByRole('button', { name: words('comments_reopen'), exact: true }).click();
  await expect(house.locator('.thread-closed')).toBeHidden();
  await said.locator('.comment').last().getByRole('button', { name: new RegExp(`^${words('general_options')}`) }).click();
  await said.locator('.comment').last().getByRole('button', { name: words('comments_delete'), exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: words('comments_delete'), exact: true }).click();
  await expect(said.getByText('Lo miro esta tarde.')).toHaveCount(0);
  await expect(said.locator('.comment')).toHaveCount(3);
  await examine(page, 'both threads');

  // An agency sees one thread, and is told nothing of the other.
  const agency = await as('agency');
  await agency.goto(`/desk/posts/${id}`);
  await expect(agency.locator('.thread')).toHaveCount(1);
  await expect(agency.getByText('colegio')).toHaveCount(0);
  // An observer reads both and writes in none.
  const observer = await as('observer');
  await observer.goto(`/desk/posts/${id}`);
  await expect(observer.getByText('¿Se ha avisado al colegio?')).toBeVisible();
  await expect(observer.locator('.comments').getByRole('button', { name: words('comments_write'), exact: true })).toHaveCount(0);
});

test('an approver on a phone comments on words, points at a picture, and sees what changed in the next round', async ({ as, town, words, request, baseURL }) => {
  const author = await session(request, baseURL!, of(town, 'author'));
  const id = newId();
  const first = notice(town, 'Mañana no hay agua de nueve a once.');
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: 0, content: first });
  await ask(request, baseURL!, author, 'POST', `/api/posts/${id}/submissions`, { version: 1 });

  const mayor = await as('approver', phone);
  await mayor.goto(`/desk/approvals?post=${id}`);
  const all = mayor.locator('.thread[data-thread="external"]');
  await expect(all).toBeVisible();
  await expect(mayor.locator('.since')).toHaveCount(0);
  await select(mayor, 'de nueve a once');
  const bar = mayor.locator('.pointing-bar');
  await expect(bar).toContainText('de nueve a once');
  const aloud = bar.getByRole('button', { name: words('comments_point_outside'), exact: true });
  expect((await aloud.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  await aloud.click();
  const field = mayor.getByLabel(words('comments_label_external'), { exact: true });
  await expect(field).toBeFocused();
  await field.fill('¿De la mañana o de la noche?');
  await all.getByRole('button', { name: words('comments_send'), exact: true }).click();
  await expect(all.locator('.conversation q')).toHaveText('de nueve a once');
  await expect(mayor.locator('.marked mark')).toHaveText('de nueve a once');
  await examine(mayor, 'a comment on words, on a phone');
  await mayor.getByRole('button', { name: words('approvals_return'), exact: true }).click();
  await mayor.getByLabel(words('approvals_comment')).fill('Diga si es por la mañana.');
  await mayor.getByRole('button', { name: words('approvals_return_do'), exact: true }).click();
  await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();

  // The author sees what came back, changes it, and sees what changed since it was submitted.
  const desk = await as('author');
  await desk.goto(`/desk/posts/${id}`);
  await expect(desk.locator('.since')).toContainText('Diga si es por la mañana.');
  await expect(desk.locator('.since')).toContainText(words('difference_nothing'));
  const picture = await stored(request, baseURL!, author);
  const alt = { es: 'Una calle con una zanja abierta y una valla.' };
  const second = notice(town, 'Mañana no hay agua de 9 a 11 de la mañana.', [{ ...picture, alt }]);
  const now = await ask(request, baseURL!, author, 'GET', `/api/posts/${id}`);
  const saved = await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: now.post.version, content: second });
  await expect(desk.locator('.since ins').first()).toBeVisible({ timeout: PULSE });
  await expect(desk.getByText(words('comments_text_changed'))).toBeVisible();
  await ask(request, baseURL!, author, 'POST', `/api/posts/${id}/submissions`, { version: saved.post.version });

  // The second round, on the phone: by word, with the picture, with what was said in the first.
  await mayor.goto(`/desk/approvals?post=${id}`);
  const since = mayor.locator('.since');
  await expect(since).toContainText(words('since_title', { round: '1' }));
  await expect(since).toContainText('Diga si es por la mañana.');
  await expect(since.locator('del').first()).toContainText('nueve');
  await expect(since.locator('ins').first()).toContainText('9');
  await expect(since.locator('.difference-side img')).toHaveCount(1);
  await expect(all.getByText(words('comments_text_changed'))).toBeVisible();
  await examine(mayor, 'a second round, on a phone');

  // A point in the picture, by its sliders alone.
  await all.getByRole('button', { name: words('comments_write'), exact: true }).click();
  await all.getByText(words('comments_choose')).click();
  await all.getByLabel(words('comments_across'), { exact: true }).focus();
  await mayor.keyboard.press('ArrowRight');
  await expect(all.locator('.point')).toBeVisible();
  await field.fill('¿Esta valla es nuestra?');
  await all.getByRole('button', { name: words('comments_send'), exact: true }).click();
  await expect(mayor.locator('.marked .point')).toBeVisible();
  await examine(mayor, 'a point in a picture, on a phone');
});

/** A picture, drawn in the browser's stead and stored. */
async function stored(request: Parameters<typeof session>[0], baseURL: string, secret: string) {
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAEAAAAAoCAIAAADBrGu+AAAAPUlEQVR42u3PQQkAAAgEsItoHDOZ0gw+hcEKLNP1WgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQELhZ3+3TTE+WItAAAAABJRU5ErkJggg==', 'base64');
  const headers = { origin: baseURL, 'x-pregon': '1', cookie: `__Host-pregon=${secret}`, 'content-type': 'image/png', 'x-pregon-name': 'zanja.png' };
  const answer = await request.post('/api/media', { headers, data: png });
  expect(answer.ok(), await answer.text()).toBe(true);
  const { id, hash, mime, bytes, width, height } = await answer.json();
  return { media: id, hash, mime, bytes, width, height };
}
