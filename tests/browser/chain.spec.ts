// A text that is too long becomes a thread: it is cut by a button, whoever agrees reads each part, and where it is published by hand
// each part has its kit and says what it answers.
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const SENTENCE = 'Mañana se corta el agua en la calle Mayor, en la plaza y en las calles que bajan al río. ';

test('a text is cut into a thread, agreed to part by part, and published by hand', async ({ as, words, town, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const administrator = await session(request, baseURL!, of('administrator'));
  const author = await session(request, baseURL!, of('author'));
  const approver = await session(request, baseURL!, of('approver'));
  const connect = { network: 'assisted', on: 'x', channel: null, name: 'Nuestra cuenta', handle: '@villa', address: 'https://x.com/villa' };
  const { channel } = await ask(request, baseURL!, administrator, 'POST', '/api/channels', connect);
  const post = newId();
  const content = { kind: 'routine', titles: { es: 'Corte de agua' }, texts: { es: 'Aviso.' }, targets: [{ channel: channel.id, languages: ['es'] }] };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });

  const page = await as('author', phone);
  await page.goto(`/desk/posts/${post}/edit`);
  const text = page.locator('#text-es');
  await text.fill(SENTENCE.repeat(8).trim());
  await page.getByLabel(words('chain_numbered')).check();
  const cut = page.getByRole('button', { name: words('chain_cut'), exact: true });
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);
  await cut.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText(words('chain_cut_done', { count: '3' }))).toBeVisible();
  await expect(cut).toHaveCount(0);
  await expect(text).toHaveValue(/\(1\/3\)\n\n---\n\n/);
  // Each part with its count, and none too long.
  const part = (number: number) => words('chain_part', { number: `${number}`, of: '3' });
  const tallies = page.locator('.destination .tallies .tally');
  await expect(tallies).toHaveCount(3);
  await expect(tallies.nth(2)).toContainText(part(3));
  await expect(page.locator('.destination [data-over="true"]')).toHaveCount(0);
  await expect(page.locator('.destination .preview-text')).toHaveCount(3);
  await expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);

  const stored = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
  const waiting = await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/submissions`, { version: stored.post.version });
  const mayor = await as('approver', phone);
  await mayor.goto(`/decide/?post=${post}`);
  await expect(mayor.locator('.decision .preview-text')).toHaveCount(3);
  for (const number of [1, 2, 3]) await expect(mayor.locator('.decision').getByText(part(number), { exact: true })).toBeVisible();
  const decision = { content_hash: waiting.content_hash, choice: { decision: 'approve' } };
  const approved = await ask(request, baseURL!, approver, 'POST', `/api/posts/${post}/decisions`, decision);
  await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/release`, { version: approved.post.version });

  const state = async () => (await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`)).publications[0];
  const inHand = (place: number) => expect.poll(async () => (await state()).acts[place].state).toBe('in_hand');
  await inHand(0);
  await page.goto(`/desk/posts/${post}`);
  const kit = page.locator('.kit');
  await expect(kit.getByText(part(1), { exact: true })).toBeVisible();
  await expect(kit.locator('textarea')).toHaveValue(/\(1\/3\)$/);
  await kit.getByLabel(words('post_link_back')).fill('https://x.com/villa/status/1');
  await kit.getByRole('button', { name: words('post_is_out'), exact: true }).click();
  await expect(page.getByText(words('post_settled'))).toBeVisible();
  await inHand(1);
  await page.reload();
  await expect(kit.getByText(part(2), { exact: true })).toBeVisible();
  await expect(kit.getByText(words('chain_kit'))).toBeVisible();
  await expect(kit.getByRole('link', { name: words('chain_kit_above') })).toHaveAttribute('href', 'https://x.com/villa/status/1');
  await expect(page.getByText(words('chain_progress', { of: '3', out: '1' }))).toBeVisible();
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);
});
