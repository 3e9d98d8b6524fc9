// Who may reply is chosen while it is written, said of each channel, read by whoever agrees on a phone, and by whoever publishes by hand.
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test('who may reply is chosen, said of each channel and agreed to', async ({ as, words, town, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const administrator = await session(request, baseURL!, of('administrator'));
  const author = await session(request, baseURL!, of('author'));
  const approver = await session(request, baseURL!, of('approver'));
  const connect = { network: 'assisted', on: 'x', channel: null, name: 'Nuestra cuenta', handle: '@villa', address: 'https://x.com/villa' };
  const { channel } = await ask(request, baseURL!, administrator, 'POST', '/api/channels', connect);
  const other = { ...connect, on: 'threads', name: 'Nuestro perfil', address: 'https://www.threads.net/@villa' };
  const { channel: profile } = await ask(request, baseURL!, administrator, 'POST', '/api/channels', other);
  const post = newId();
  const targets = [town.noticeboard, channel.id, profile.id].map((channel: string) => ({ channel, languages: ['es'] }));
  const content = { kind: 'routine', titles: { es: 'Duelo' }, texts: { es: 'Con pesar.' }, targets };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });

  const page = await as('author', phone);
  await page.goto(`/desk/posts/${post}/edit`);
  const who = page.getByLabel(words('replies_title'), { exact: true }).and(page.locator('select'));
  await expect(who).toHaveValue('everybody');
  await expect(page.locator('.replies-on li')).toHaveCount(0);
  await who.selectOption({ label: words('replies_nobody') });
  const on = (network: string, what: string) => words('replies_on', { network: words(network), what: words(what) });
  await expect(page.locator('.replies-on li')).toHaveText([
    on('network_noticeboard', 'replies_closed'), on('network_x', 'replies_by_hand'), on('network_threads', 'replies_by_hand'),
  ]);
  await expect(page.locator('.finding-warn').getByText(words('rule_replies_advice'))).toBeVisible();
  // As X and Threads show it.
  await expect(page.locator('.preview-x').getByText(words('replies_mentioned'))).toHaveCount(2);
  // A topic stands with its channel, and only what is one enters the content.
  const topic = page.getByLabel(words('topic_title'), { exact: true });
  await topic.fill('S.O.S');
  await expect(page.getByText(words('topic_wrong'))).toBeVisible();
  await topic.fill('#Duelo oficial');
  await expect(page.getByText(words('topic_wrong'))).toHaveCount(0);
  await expect(page.locator('.preview-x').getByText(words('topic_said', { topic: 'Duelo oficial' }))).toBeVisible();
  await expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);

  const stored = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
  expect(stored.post.content.replies).toBe('nobody');
  expect(stored.post.content.targets[2].topic).toBe('Duelo oficial');
  const waiting = await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/submissions`, { version: stored.post.version });
  const mayor = await as('approver', phone);
  await mayor.goto(`/decide/?post=${post}`);
  await expect(mayor.locator('.previews > .notice')).toHaveText(words('replies_nobody'));
  expect(await over(mayor)).toBeLessThanOrEqual(0);
  const decision = { content_hash: waiting.content_hash, choice: { decision: 'approve' } };
  const approved = await ask(request, baseURL!, approver, 'POST', `/api/posts/${post}/decisions`, decision);
  await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/release`, { version: approved.post.version });

  const inHand = async () => {
    const { publications } = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
    return publications.find((one: { network: string }) => one.network === 'x').acts[0].state;
  };
  await expect.poll(inHand).toBe('in_hand');
  await page.goto(`/desk/posts/${post}`);
  await expect(page.locator('.kit').getByText(words('replies_nobody')).first()).toBeVisible();
  await expect(page.locator('.previews > .notice')).toHaveText(words('replies_nobody'));
});
