// The first steps on a new desk, on a phone: each is ticked by what there is, and who puts the list away does not see it again.
import { findings, over, settled } from './axe';
import { approved, ask, expect, session, test } from './town';

test('the first steps are ticked as they are taken, and stay away once they are put away', async ({ as, town, words, request, baseURL }) => {
  const desk = await as('administrator', { viewport: { width: 390, height: 800 } });
  await desk.goto('/desk/');
  const steps = desk.locator('.home-section', { has: desk.getByRole('heading', { name: words('home_first_title'), exact: true }) });
  const step = (key: string) => steps.getByRole('listitem').filter({ has: desk.locator('.home-heading', { hasText: words(key) }) });
  const done = (key: string) => step(key).getByText(words('home_first_is_done'), { exact: true });
  await expect(steps.getByRole('listitem')).toHaveCount(5);
  // The people of a journey are there from its beginning.
  await expect(done('home_first_invite')).toBeVisible();
  await expect(steps.getByText(words('home_first_is_done'), { exact: true })).toHaveCount(1);
  const write = steps.getByRole('link', { name: words('home_first_write_do'), exact: true });
  await expect(write).toHaveAttribute('href', `/desk/posts/new?channel=${town.noticeboard}`);
  // There is nothing yet that could be published.
  await expect(step('home_first_publish').getByRole('link')).toHaveCount(0);
  await settled(desk);
  expect(await findings(desk)).toEqual([]);
  expect(await over(desk)).toBeLessThanOrEqual(0);

  const id = await approved(request, baseURL!, town, 'El primer anuncio.');
  await desk.goto('/desk/');
  await expect(done('home_first_write')).toBeVisible();
  const publish = step('home_first_publish').getByRole('link', { name: words('home_first_publish_do'), exact: true });
  await expect(publish).toHaveAttribute('href', `/desk/posts/${id}`);
  const author = await session(request, baseURL!, town.members.find(([role]) => role === 'author')![1]);
  const { post } = await ask(request, baseURL!, author, 'GET', `/api/posts/${id}`);
  await ask(request, baseURL!, author, 'POST', `/api/posts/${id}/release`, { version: post.version });
  const isOut = async () => {
    const { publications } = await ask(request, baseURL!, author, 'GET', `/api/posts/${id}`);
    return publications.length > 0 && publications.every((one: { state: string }) => one.state === 'out');
  };
  await expect.poll(isOut, { timeout: 60_000 }).toBe(true);
  await desk.goto('/desk/');
  await expect(done('home_first_publish')).toBeVisible();
  await expect(done('home_first_connect')).toHaveCount(0);
  await settled(desk);
  expect(await findings(desk)).toEqual([]);

  await steps.getByRole('button', { name: words('home_first_away'), exact: true }).click();
  await expect(steps).toHaveCount(0);
  await expect(desk.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(desk.getByText(words('home_empty_title'))).toBeVisible();
  await desk.reload();
  await expect(desk.getByText(words('home_empty_title'))).toBeVisible();
  await expect(steps).toHaveCount(0);
});
