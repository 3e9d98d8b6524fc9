// A page is mentioned on LinkedIn: asked for by its address, told while its name is not in the text, shown where it leads, and read by
// whoever agrees on a phone.
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const networks = process.env.PREGON_NETWORKS!;
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const PAGE = 'Villa Serena (linkedin.com/company/villa-serena)';

test('a page is found by its address and mentioned by its name', async ({ as, words, town, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const administrator = await session(request, baseURL!, of('administrator'));
  const author = await session(request, baseURL!, of('author'));
  await ask(request, baseURL!, '', 'PUT', '/api/rehearsal/stand-ins', { network: 'linkedin', server: networks });
  const app = { network: 'linkedin', client_id: '86sandboxvilla', client_secret: 'WPL_AP1.sandbox-client_secret.of-linkedin==', channel: null };
  const { address } = await ask(request, baseURL!, administrator, 'POST', '/api/channels', app);
  // A program is not asked whether it agrees, and is sent back at once.
  const back = (await request.get(address, { maxRedirects: 0 })).headers().location;
  await request.get(back, { maxRedirects: 0, headers: { cookie: `__Host-pregon=${administrator}` } });
  const all = await ask(request, baseURL!, author, 'GET', '/api/channels');
  const channel = all.find((one: any) => one.network === 'linkedin');
  const post = newId();
  const content = { kind: 'routine', texts: { es: 'Mañana hay feria.' }, targets: [{ channel: channel.id, languages: ['es'] }] };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });

  const page = await as('author');
  await page.goto(`/desk/posts/${post}/edit`);
  const field = page.getByLabel(words('mentions_title'), { exact: true }).and(page.locator('input'));
  const add = page.getByRole('button', { name: words('mentions_add'), exact: true });
  await field.fill('https://www.linkedin.com/in/alcaldesa');
  await add.click();
  await expect(page.getByText(words('mentions_wrong'))).toBeVisible();
  await field.fill('linkedin.com/company/nadie');
  await add.click();
  await expect(page.getByText(words('mentions_unknown'))).toBeVisible();
  await field.fill('https://www.linkedin.com/company/Villa-Serena/about/');
  await add.click();
  await expect(page.locator('.mentioned')).toContainText(PAGE);
  await expect(page.getByText(words('mentions_unknown'))).toHaveCount(0);
  await expect(field).toHaveValue('');
  // Its name is not there yet: that is said, and nothing leads anywhere.
  const lost = page.locator('.finding-warn').getByText(words('rule_mention_advice'));
  await expect(lost).toBeVisible();
  await expect(page.locator('.preview-mention')).toHaveCount(0);
  await page.locator('#text-es').fill('Mañana hay feria con Villa Serena y @alcaldesa.');
  await expect(page.locator('.preview-mention')).toHaveText(['Villa Serena']);
  await expect(page.getByText(words('mentions_said', { names: PAGE }))).toBeVisible();
  await expect(lost).toHaveCount(0);
  await expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);

  const stored = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
  expect(stored.post.content.targets[0].mentions).toBe('villa-serena Villa Serena');
  await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/submissions`, { version: stored.post.version });
  const mayor = await as('approver', phone);
  await mayor.goto(`/decide/?post=${post}`);
  await expect(mayor.getByText(words('mentions_said', { names: PAGE })).first()).toBeVisible();
  expect(await over(mayor)).toBeLessThanOrEqual(0);

  await page.getByRole('button', { name: words('mentions_remove', { name: 'Villa Serena' }), exact: true }).click();
  await expect(page.locator('.mentioned')).toHaveCount(0);
  await expect(page.locator('.preview-mention')).toHaveCount(0);
});
