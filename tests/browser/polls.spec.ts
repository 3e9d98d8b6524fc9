// A poll is written beside its question, minded where a network takes none, read by whoever agrees on a phone, and made by hand from the kit.
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test('a poll is written, agreed to and made by hand', async ({ as, words, town, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const administrator = await session(request, baseURL!, of('administrator'));
  const author = await session(request, baseURL!, of('author'));
  const approver = await session(request, baseURL!, of('approver'));
  const connect = { network: 'assisted', on: 'x', channel: null, name: 'Nuestra cuenta', handle: '@villa', address: 'https://x.com/villa' };
  const { channel } = await ask(request, baseURL!, administrator, 'POST', '/api/channels', connect);
  const post = newId();
  const targets = [town.noticeboard, channel.id].map((channel: string) => ({ channel, languages: ['es'] }));
  const content = { kind: 'routine', titles: { es: 'Consulta' }, texts: { es: '¿Mayo o junio?' }, targets };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });

  const page = await as('author', phone);
  await page.goto(`/desk/posts/${post}/edit`);
  const poll = page.getByRole('region', { name: words('poll_title'), exact: true });
  const asks = poll.getByLabel(words('poll_add'));
  await expect(asks).not.toBeChecked();
  // By the keyboard alone.
  await asks.focus();
  await page.keyboard.press('Space');
  const answers = poll.locator('textarea');
  await answers.fill('Mayo');
  await expect(poll.getByText(words('poll_few', { count: '1', limit: '2' }))).toBeVisible();
  await answers.fill('Mayo\nJunio');
  await expect(poll.getByText(words('poll_few', { count: '1', limit: '2' }))).toHaveCount(0);
  // The noticeboard tells of it, because there is somewhere to vote.
  await expect(poll.getByText(words('poll_not_taken'))).toHaveCount(0);
  await poll.getByLabel(words('poll_hidden_label')).check();
  // What was ticked off by mistake is there again.
  await asks.uncheck();
  await expect(answers).toHaveCount(0);
  await asks.check();
  await expect(answers).toHaveValue('Mayo\nJunio');
  await expect(page.locator('.preview-x .preview-poll li')).toHaveText([/Mayo/, /Junio/]);
  await expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);

  const stored = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
  expect(stored.post.content.poll).toEqual({ answers: { es: 'Mayo\nJunio' }, minutes: 1440, hidden: true });
  const only = { ...stored.post.content, targets: [{ channel: channel.id, languages: ['es'] }] };
  const saved = await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: stored.post.version, content: only });
  const waiting = await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/submissions`, { version: saved.post.version });
  const mayor = await as('approver', phone);
  await mayor.goto(`/decide/?post=${post}`);
  await expect(mayor.locator('.preview-poll li')).toHaveText([/Mayo/, /Junio/]);
  await expect(mayor.locator('.previews').getByText(words('poll_hidden'))).toBeVisible();
  expect(await over(mayor)).toBeLessThanOrEqual(0);
  const decision = { content_hash: waiting.content_hash, choice: { decision: 'approve' } };
  const approved = await ask(request, baseURL!, approver, 'POST', `/api/posts/${post}/decisions`, decision);
  await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/release`, { version: approved.post.version });

  const inHand = async () => {
    const { publications } = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
    return publications[0].acts[0].state;
  };
  await expect.poll(inHand).toBe('in_hand');
  await page.goto(`/desk/posts/${post}`);
  await expect(page.locator('.kit').getByText(words('poll_kit'))).toBeVisible();
  await expect(page.locator('.kit ol li')).toHaveText([/Mayo/, /Junio/]);
});
