// A first comment, invited accounts and a story: chosen while it is written, read by whoever agrees on a phone, and by whoever publishes by hand.
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const COMMENT = 'Toda la información: https://villa.example/agua';

test('a first comment, guests and a story are chosen, shown and agreed to', async ({ as, words, town, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const administrator = await session(request, baseURL!, of('administrator'));
  const author = await session(request, baseURL!, of('author'));
  const approver = await session(request, baseURL!, of('approver'));
  const connect = { network: 'assisted', on: 'facebook', channel: null, name: 'Nuestra página', handle: '@villa', address: 'https://www.facebook.com/villa' };
  const { channel: facebook } = await ask(request, baseURL!, administrator, 'POST', '/api/channels', connect);
  const other = { ...connect, on: 'instagram', name: 'Nuestra cuenta', address: 'https://www.instagram.com/villa/' };
  const { channel: instagram } = await ask(request, baseURL!, administrator, 'POST', '/api/channels', other);
  const post = newId();
  const target = (channel: string) => ({ channel, languages: ['es'] });
  const content = { kind: 'routine', titles: { es: 'Agua' }, texts: { es: 'Mañana no hay agua.' }, targets: [town.noticeboard, facebook.id, instagram.id].map(target) };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });

  const page = await as('author', phone);
  await page.goto(`/desk/posts/${post}/edit`);
  await page.locator('#comment-es').fill(COMMENT);
  // Below what Facebook and Instagram show, and nowhere else; and of the board it is said.
  await expect(page.locator('.preview-comment').filter({ hasText: COMMENT })).toHaveCount(2);
  await expect(page.getByText(words('finding_comment_unkept')).first()).toBeVisible();
  // Guests stand with their channel, and only what is some enters the content.
  const guests = page.getByLabel(words('collaborators_title'), { exact: true });
  await guests.fill('una dos tres cuatro');
  await expect(page.getByText(words('collaborators_wrong'))).toBeVisible();
  await guests.fill('@Villa.Vecina');
  await expect(page.getByText(words('collaborators_wrong'))).toHaveCount(0);
  await expect(page.getByText(words('collaborators_said', { names: '@villa.vecina' })).first()).toBeVisible();
  // As a story nothing is said and nobody comments.
  const goes = page.locator('.target', { hasText: 'Nuestra página' });
  // A reel is made of a video, and there is none.
  await expect(goes.getByRole('radio')).toHaveCount(2);
  await goes.getByRole('radio', { name: words('guise_story') }).check();
  await expect(page.locator('.preview-story').getByText(words('story_shown'))).toBeVisible();
  await expect(page.locator('.preview-comment').filter({ hasText: COMMENT })).toHaveCount(1);
  await expect(page.getByText(words('finding_story_text')).first()).toBeVisible();
  await goes.getByRole('radio', { name: words('guise_post') }).check();
  await expect(page.locator('.preview-story')).toHaveCount(0);
  await expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);

  const stored = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
  expect(stored.post.content.comments).toEqual({ es: COMMENT });
  expect(stored.post.content.targets[2].collaborators).toBe('villa.vecina');
  // Without the account that takes no text alone.
  const going = { ...stored.post.content, targets: stored.post.content.targets.slice(0, 2) };
  const saved = await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: stored.post.version, content: going });
  const waiting = await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/submissions`, { version: saved.post.version });
  const mayor = await as('approver', phone);
  await mayor.goto(`/decide/?post=${post}`);
  await expect(mayor.locator('.preview-comment').first()).toContainText(COMMENT);
  expect(await over(mayor)).toBeLessThanOrEqual(0);
  const decision = { content_hash: waiting.content_hash, choice: { decision: 'approve' } };
  const approved = await ask(request, baseURL!, approver, 'POST', `/api/posts/${post}/decisions`, decision);
  await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/release`, { version: approved.post.version });

  const ours = async () => {
    const { publications } = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
    return publications.find((one: { network: string }) => one.network === 'facebook');
  };
  await expect.poll(async () => (await ours()).acts[0].state).toBe('in_hand');
  await page.goto(`/desk/posts/${post}`);
  await expect(page.locator('.kit').getByText(words('comment_by_hand_later'))).toBeVisible();
  // Once the post is there, the comment has a kit of its own; the post is out all the while.
  const { id } = await ours();
  const settle = { saw: 'out', address: 'https://www.facebook.com/villa/posts/1' };
  await ask(request, baseURL!, author, 'POST', `/api/publications/${id}/settlements`, settle);
  await expect.poll(async () => (await ours()).acts[1].state).toBe('in_hand');
  expect((await ours()).state).toBe('out');
  await page.goto(`/desk/posts/${post}`);
  await expect(page.locator('.kit').getByText(words('comment_by_hand'))).toBeVisible();
  await expect(page.getByText(words('comment_next'))).toBeVisible();
  expect(await findings(page)).toEqual([]);
});
