// The first visit: the set-up link makes the organisation and its administrator with a passkey, once.
import { expect, test } from '@playwright/test';
import { authenticator } from './authenticator';
import { wordsOf } from './words';

test('the set-up link founds the organisation with a passkey, and works once', async ({ page, request, locale }) => {
  const words = wordsOf(locale);
  const health = await (await request.get('/api/health')).json();
  const token = process.env.PREGON_SETUP_TOKEN;
  await authenticator(page);
  await page.goto(`/desk/setup#${token ?? 'unknown'}`);
  if (health.set_up) {
    // An engine that was used before: the link is spent, and the page says so.
    await expect(page.getByText(words('refusal_set_up_already_what'))).toBeVisible();
    return;
  }
  await page.getByLabel(words('organisation_name'), { exact: true }).fill('Villar del Pregón');
  await page.getByRole('button', { name: words('general_next'), exact: true }).click();
  await page.getByLabel(words('entry_own_name')).fill('La secretaria');
  await page.getByRole('button', { name: words('entry_make_passkey'), exact: true }).click();
  await expect(page.locator('.codes li')).toHaveCount(10);
  await page.getByLabel(words('entry_codes_kept')).check();
  await page.getByRole('button', { name: words('entry_go_on'), exact: true }).click();
  await expect(page).toHaveURL(/\/desk\/$/);

  // A newcomer alone, from the first page to a notice that citizens read. A click, a key chord or a field filled counts one.
  let interactions = 0;
  const act = async (done: Promise<unknown>) => {
    interactions += 1;
    await done;
  };
  await act(page.getByRole('link', { name: words('calendar_new'), exact: true }).first().click());
  await act(page.locator('#title-es').fill('La biblioteca abre también los sábados'));
  await act(page.locator('#text-es').fill('Desde este sábado, la biblioteca municipal abre de diez de la mañana a dos de la tarde.'));
  await act(page.getByRole('button', { name: words('compose_submit_declared'), exact: true }).click());
  await expect(page).toHaveURL(/\/desk\/posts\/[0-9a-z]{26}$/);
  const post = page.url().split('/').pop()!;
  await act(page.getByRole('button', { name: words('post_release'), exact: true }).click());
  await act(page.getByRole('button', { name: words('post_release_do'), exact: true }).click());
  const slug = await page.evaluate(async () => (await (await fetch('/api/boot')).json()).me.organisation.slug as string);
  await expect.poll(async () => (await request.get(`/${slug}/posts/${post}`)).status(), { timeout: 60_000 }).toBe(200);
  await expect(page.getByText(words('post_next_out'))).toBeVisible();
  expect(interactions).toBeLessThanOrEqual(12);

  // Home says what was done, and what is still good to do for who is alone.
  await page.goto('/desk/');
  const done = (key: string) =>
    page.getByRole('listitem').filter({ has: page.locator('.home-heading', { hasText: words(key) }) }).getByText(words('home_first_is_done'), { exact: true });
  await expect(done('home_first_write')).toBeVisible();
  await expect(done('home_first_publish')).toBeVisible();
  await expect(page.getByRole('link', { name: words('home_first_invite_do'), exact: true })).toBeVisible();
  await expect(done('home_first_invite')).toHaveCount(0);

  await page.goto(`/desk/setup#${token}`);
  await expect(page.getByText(words('refusal_set_up_already_what'))).toBeVisible();
});
