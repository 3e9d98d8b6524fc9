// Every page, in every theme, without a single finding of axe (WCAG 2.2 AA), and nothing wider than its screen.
import type { Page } from '@playwright/test';
import { findings, over } from './axe';
import { approved, expect, test } from './town';


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

test('every page of the desk in every theme', async ({ as, town, request, baseURL }) => {
  test.setTimeout(240_000);
  const post = await approved(request, baseURL!, town, 'Mañana no hay agua en la calle Mayor.');
  const page = await as('administrator');
  // What moves is in between two colours while it moves.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const wear = (theme: string) => page.evaluate((name) => document.documentElement.setAttribute('data-theme', name), theme);
  const look = async (place: string) => {
    await page.goto(`/desk/${place}`);
    await expect(page.locator('h1, h2').first()).toBeVisible();
    await page.waitForLoadState('networkidle');
    await examine(page, `/desk/${place}`, THEMES, wear);
  };
  const places = [
    '', 'calendar', `posts/${post}`, `posts/${post}/edit`, 'posts/new', 'approvals', 'tasks', 'tasks?view=all', 'tasks?view=report', 'record', 'channels', 'people', 'organisation', 'circuits', 'circuits?view=emergency', 'circuits?view=guidance', 'circuits?view=standing', 'circuits?view=house', 'notices', 'notices?view=choices', 'devices',
    'nowhere',
  ];
  for (const place of places) await look(place);
  await page.context().clearCookies();
  for (const place of ['sign-in', 'join', 'recover', 'setup']) await look(place);
});

test('every public page by day and by night', async ({ as, town, request, baseURL, words }) => {
  const post = await approved(request, baseURL!, town, 'Mañana no hay agua en la calle Mayor.');
  const author = await as('author');
  await author.goto(`/desk/posts/${post}`);
  await author.getByRole('button', { name: words('post_release'), exact: true }).click();
  await author.getByRole('button', { name: words('post_release_do'), exact: true }).click();
  await expect.poll(async () => (await request.get(`/${town.slug}/posts/${post}`)).status(), { timeout: 30_000 }).toBe(200);
  const wear = (look: string) => author.emulateMedia({ colorScheme: SCHEMES.find((scheme) => scheme === look) });
  for (const place of ['', `posts/${post}`, 'events', 'accounts', 'record', 'nothing-here']) {
    await author.goto(`/${town.slug}/${place}`);
    await examine(author, `/${place}`, SCHEMES, wear);
  }
});
