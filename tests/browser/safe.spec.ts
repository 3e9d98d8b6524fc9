// Nothing that was typed is lost: not by a closed tab, not without a network; and the desk opens without one.
import { expect, test } from './town';

test('what was typed survives a closed tab', async ({ as }) => {
  const page = await as('author');
  await page.goto('/desk/posts/new');
  await expect(page.locator('#text-es')).toBeVisible();
  // The engine hears nothing from now on: only the device has it.
  await page.context().route('**/api/posts/**', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()));
  await page.locator('#text-es').fill('Escrito justo antes de que se cerrara la pestaña.');
  const address = page.url();
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage).some((name) => name.startsWith('pregon.draft.')))).toBe(true);
  await page.close({ runBeforeUnload: false });
  const again = await page.context().newPage();
  await again.context().unroute('**/api/posts/**');
  await again.goto(address);
  await expect(again.locator('#text-es')).toHaveValue('Escrito justo antes de que se cerrara la pestaña.');
});

test('an ended session takes nothing away from who is writing', async ({ as, words }) => {
  const page = await as('author');
  await page.goto('/desk/posts/new');
  await page.locator('#text-es').fill('A medio escribir.');
  await page.context().clearCookies();
  await page.locator('#text-es').fill('A medio escribir, y la sesión se acabó.');
  await expect(page.getByText(words('frame_lapsed_title'))).toBeVisible();
  await expect(page.locator('#text-es')).toHaveValue('A medio escribir, y la sesión se acabó.');
});

test('the desk opens without a network once it was opened with one', async ({ as }) => {
  const page = await as('author', { serviceWorkers: 'allow' });
  await page.goto('/desk/');
  await expect(page.locator('h1').first()).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await expect(page.locator('h1').first()).toBeVisible();
  await page.context().setOffline(true);
  await page.reload();
  await expect(page.locator('body')).not.toBeEmpty();
  await expect(page.locator('h1, [role="alert"], .notice').first()).toBeVisible();
  await page.context().setOffline(false);
});
