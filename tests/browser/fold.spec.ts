// What a network shows only to who opens it: drawn where one writes and where one agrees, and still all of the text, letter by letter.
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const SEEN = 'Mañana, de 8 a 12, no hay agua en la calle Mayor ni en la plaza del Mercado: llene antes lo que vaya a necesitar. Si vive';
const HIDDEN = ' sola o cuida de alguien, llame y se la llevamos. Perdone las molestias: https://villa.example/agua';

test('what is behind the fold is told apart, and nothing is hidden from who agrees', async ({ as, words, town, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const administrator = await session(request, baseURL!, of('administrator'));
  const author = await session(request, baseURL!, of('author'));
  const connect = { network: 'assisted', on: 'facebook', channel: null, name: 'Nuestra página', handle: '@villa', address: null };
  const { channel } = await ask(request, baseURL!, administrator, 'POST', '/api/channels', connect);
  const post = newId();
  const targets = [town.noticeboard, channel.id].map((channel: string) => ({ channel, languages: ['es'] }));
  const content = { kind: 'routine', titles: { es: 'Agua' }, texts: { es: SEEN + HIDDEN }, targets };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });
  await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/submissions`, { version: 1 });

  const mayor = await as('approver', phone);
  await mayor.goto(`/decide/?post=${post}`);
  const text = mayor.locator('.preview-facebook .preview-text');
  const behind = text.locator('.preview-behind');
  // The program stands where the engine had drawn it.
  await expect(mayor.locator('#splash')).toHaveCount(0);
  await expect(behind).toBeVisible();
  expect(await text.evaluate((element) => element.textContent)).toBe(SEEN + HIDDEN);
  expect(await behind.evaluate((element) => element.textContent)).toBe(HIDDEN);
  await expect(behind).toHaveAttribute('data-fold', words('compose_preview_fold'));
  expect(await behind.evaluate((element) => getComputedStyle(element, '::before').display), 'the line is drawn').toBe('block');
  await expect(behind.locator('.preview-link')).toHaveText('https://villa.example/agua');
  // The town's own page shows all of it.
  await expect(mayor.locator('.preview-noticeboard .preview-behind')).toHaveCount(0);
  expect(await findings(mayor)).toEqual([]);
  expect(await over(mayor)).toBeLessThanOrEqual(0);
});
