// What was said in any month is found by its words: from the calendar, where somebody looks first, and by the address.
import { findings } from './axe';
import { ask, expect, newId, session, test } from './town';

test('a post of any day is found by a word of its text, from the calendar on', async ({ as, town, words, request, baseURL }) => {
  const author = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  const write = (title: string, es: string, en: string) =>
    ask(request, baseURL!, author, 'PUT', `/api/posts/${newId()}`, {
      version: 0,
      content: { kind: 'routine', titles: { es: title, en: title }, texts: { es, en }, targets: [{ channel: town.noticeboard, languages: ['es', 'en'] }] },
    });
  await write('Horario nuevo', 'En marzo la biblioteca abre los sábados por la mañana.', 'In March the library opens on Saturdays.');
  await write('Pleno', 'El pleno es el jueves.', 'The council meets on Thursday.');

  const desk = await as('author');
  await desk.goto('/desk/calendar');
  await desk.getByRole('button', { name: words('calendar_today'), exact: true }).focus();
  await desk.keyboard.press('/');
  const sieve = desk.getByRole('searchbox', { name: words('calendar_search') });
  await expect(sieve).toBeFocused();
  await expect(desk.getByRole('link', { name: words('search_everywhere'), exact: true })).toBeVisible();
  await sieve.fill('SABADOS biblio');
  await desk.getByRole('link', { name: words('search_everywhere_for', { words: 'SABADOS biblio' }), exact: true }).click();
  await expect(desk).toHaveURL(/\/desk\/search\?words=SABADOS%20biblio$/);
  await expect(desk.getByRole('heading', { level: 1 })).toHaveText(words('search_title'));
  await expect(desk.locator('.search-hit')).toHaveCount(1);
  await expect(desk.locator('.search-passage mark')).toHaveText(['biblioteca', 'sábados']);
  await expect(desk.getByRole('status').filter({ hasText: words('search_found_one') })).toBeVisible();
  expect(await findings(desk)).toEqual([]);

  // In the other language, from the page's own field; then what nobody wrote.
  const field = desk.getByRole('searchbox', { name: words('search_words') });
  await field.fill('Thursday');
  await field.press('Enter');
  await expect(desk.locator('.search-heading')).toHaveText(['Pleno']);
  await expect(desk.locator('.search-passage')).toHaveAttribute('lang', 'en');
  await field.fill('piscina');
  await desk.getByRole('button', { name: words('search_do'), exact: true }).click();
  await expect(desk.getByText(words('search_nothing_title'))).toBeVisible();
  expect(await findings(desk)).toEqual([]);
  await desk.goBack();
  await expect(field).toHaveValue('Thursday');
  await desk.locator('.search-heading').click();
  await expect(desk).toHaveURL(/\/desk\/posts\/[0-9a-z]{26}$/);
});
