// The home page of who translates: what lacks a language, and the way to it.
import { findings } from './axe';
import { ask, expect, newId, session, test } from './town';

test('who translates finds what lacks a language, and it goes once it is written', async ({ as, town, words, request, baseURL }) => {
  const author = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  const id = newId();
  const content = {
    kind: 'routine',
    titles: { es: 'Mercado del jueves' },
    texts: { es: 'El mercado es el jueves por la mañana.' } as Record<string, string>,
    targets: [{ channel: town.noticeboard, languages: ['es', 'en'] }],
  };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: 0, content });
  const desk = await as('translator');
  await desk.goto('/desk/');
  const section = desk.locator('.home-section', { has: desk.getByRole('heading', { name: words('home_to_translate') }) });
  await expect(section.locator('.home-line')).toHaveCount(1);
  await expect(section).toContainText('Mercado del jueves');
  await expect(section).toContainText(words('language_en'));
  expect(await findings(desk)).toEqual([]);
  await section.getByRole('link', { name: words('home_translate'), exact: true }).click();
  await expect(desk).toHaveURL(new RegExp(`/desk/posts/${id}/edit$`));

  content.texts.en = 'The market is on Thursday morning.';
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: 1, content });
  await desk.goto('/desk/');
  await expect(desk.locator('.home').getByRole('heading', { level: 1 })).toBeVisible();
  await expect(section).toHaveCount(0);
});
