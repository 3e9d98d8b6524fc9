// What is outside of the desk, as somebody needs it who does not see it as it was drawn: each page is opened once and looked at in
// every such way. The desk's own pages are, where axe looks at them.
import { settled } from './axe';
import { moving, needed } from './needed';
import { STREET } from './rooms';
import { approved, ask, expect, newId, session, test } from './town';

test.describe.configure({ mode: 'parallel' });

test('the approver’s page as it is needed', async ({ as, town, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const author = await session(request, baseURL!, of('author'));
  const [id, targets] = [newId(), [{ channel: town.noticeboard, languages: ['es'] }]];
  const content = { kind: 'routine', titles: { es: 'Corte de agua' }, texts: { es: 'Mañana no hay agua en la calle Mayor.' }, targets };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: 0, content });
  await ask(request, baseURL!, author, 'POST', `/api/posts/${id}/submissions`, { version: 1 });
  const page = await as('approver');
  for (const place of ['/decide/', '/desk/approvals']) {
    await page.goto(place);
    await settled(page);
    await needed(page, place);
  }
  expect.soft(await moving(page)).toEqual([]);
});

test('every public page as it is needed', async ({ page, town, request, baseURL }) => {
  const post = await approved(request, baseURL!, town, 'Mañana no hay agua en la calle Mayor.');
  const author = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  const { post: { version } } = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
  await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/release`, { version });
  await expect.poll(async () => (await request.get(`/${town.slug}/posts/${post}`)).status()).toBe(200);
  for (const place of STREET(post)) {
    await page.goto(`/${town.slug}/${place}`);
    await needed(page, `/${place}`);
  }
});
