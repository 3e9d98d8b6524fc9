// Every page, in every theme, without a single finding of axe (WCAG 2.2 AA), and nothing wider than its screen; and each page of the
// desk as somebody needs it who does not see it as it was drawn, for it is there already, which is what takes long.
import type { Page } from '@playwright/test';
import { findings, over, settled } from './axe';
import { moving, needed } from './needed';
import { ROOMS, STREET } from './rooms';
import { approved, ask, expect, newId, session, test, wallNow } from './town';

const SCHEMES = ['light', 'dark'] as const;
const THEMES = [...SCHEMES, 'contrast'];

/** All that axe knows in the look that stands, and its colours in every other: nothing else of a look is more than style.
 *  `wear` puts a look on. */
async function examine(page: Page, where: string, looks: readonly string[], wear: (look: string) => Promise<void>) {
  for (const [at, look] of looks.entries()) {
    await wear(look);
    expect.soft(await findings(page, { colours: at > 0 }), `${where} in ${look}`).toEqual([]);
  }
  expect.soft(await over(page), `${where} is wider than its screen`).toBeLessThanOrEqual(0);
}

// Side by side, and with twice the time: each page is looked at eight times.
test.describe.configure({ mode: 'parallel', timeout: 480_000 });

for (const [room, places] of Object.entries(ROOMS)) {
  test(`every page of the desk in every theme, and as it is needed: ${room}`, async ({ as, town, request, baseURL, isMobile, viewport }) => {
    const post = await approved(request, baseURL!, town, 'Mañana no hay agua en la calle Mayor.');
    const page = await as('administrator');
    const month = wallNow().slice(0, 7);
    if (room === 'doors') await page.context().clearCookies();
    const wear = (theme: string) => page.evaluate((name) => document.documentElement.setAttribute('data-theme', name), theme);
    for (const place of places) {
      await page.goto(`/desk/${place.replace(':post', post).replace(':month', month)}`);
      await settled(page);
      // Colours are those of the desktop, and what a page bears is asked of it there: on a phone it is looked at once.
      await examine(page, `/desk/${place}`, isMobile ? THEMES.slice(0, 1) : THEMES, wear);
      if (isMobile) continue;
      // Not in the theme that axe looked at last.
      await page.evaluate(() => document.documentElement.removeAttribute('data-theme'));
      await needed(page, `/desk/${place}`);
      await page.setViewportSize(viewport!);
    }
    if (!isMobile) expect.soft(await moving(page), 'what moves').toEqual([]);
  });
}

test('every public page by day and by night', async ({ as, town, request, baseURL, words }) => {
  const post = await approved(request, baseURL!, town, 'Mañana no hay agua en la calle Mayor.');
  const author = await as('author');
  await author.goto(`/desk/posts/${post}`);
  await author.getByRole('button', { name: words('post_release'), exact: true }).click();
  await author.getByRole('button', { name: words('post_release_do'), exact: true }).click();
  await expect.poll(async () => (await request.get(`/${town.slug}/posts/${post}`)).status()).toBe(200);
  const wear = (look: string) => author.emulateMedia({ colorScheme: SCHEMES.find((scheme) => scheme === look) });
  for (const place of STREET(post)) {
    await author.goto(`/${town.slug}/${place}`);
    await examine(author, `/${place}`, SCHEMES, wear);
  }
});

test('what is written in a language is spelled and read aloud in that one', async ({ as, town, request, baseURL }) => {
  const secret = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  const post = newId();
  const content = {
    kind: 'routine',
    titles: { es: 'Corte de agua' },
    texts: { es: 'Mañana no hay agua.', en: 'No water tomorrow.' },
    targets: [{ channel: town.noticeboard, languages: ['es', 'en'] }],
    versions: [{ channel: town.noticeboard, language: 'en', text: 'There is no water tomorrow.', warning: null }],
  };
  await ask(request, baseURL!, secret, 'PUT', `/api/posts/${post}`, { version: 0, content });
  const author = await as('author');
  await author.goto(`/desk/posts/${post}/edit`);
  const own = author.locator(`[id="version-${town.noticeboard}-en"]`);
  await expect(own).toHaveAttribute('lang', 'en');
  await expect(author.locator('#text-es')).toHaveAttribute('lang', 'es');
  await expect(author.locator('#title-es')).toHaveAttribute('lang', 'es');
  const fields = await author.locator('input[lang], textarea[lang]').evaluateAll((all) => all.map((one) => [one.id, one.getAttribute('spellcheck')]));
  expect(fields.length).toBeGreaterThanOrEqual(4);
  expect(fields.filter(([, spelled]) => spelled !== 'true')).toEqual([]);
});
