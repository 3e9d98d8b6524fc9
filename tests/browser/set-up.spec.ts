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
  await page.goto(`/desk/setup#${token}`);
  await expect(page.getByText(words('refusal_set_up_already_what'))).toBeVisible();
});
