// Coming in by invitation, and again with the passkey that was made then.
import { authenticator } from './authenticator';
import { ask, expect, session, test } from './town';

test('an invitation makes a passkey, the passkey signs in, and the link is spent', async ({ page, request, baseURL, town, words }) => {
  const administrator = await session(request, baseURL!, town.members.find(([role]) => role === 'administrator')![1]);
  const invite = { name: 'La interventora', email: null, role: 'approver', access: { reach: 'everywhere' } };
  const { link } = await ask(request, baseURL!, administrator, 'POST', '/api/invitations', invite);
  await authenticator(page);
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Villa');
  await page.getByRole('button', { name: words('entry_make_passkey'), exact: true }).click();
  await expect(page.locator('.codes li')).toHaveCount(10);
  await page.getByLabel(words('entry_codes_kept')).check();
  await page.getByRole('button', { name: words('entry_go_on'), exact: true }).click();
  await expect(page).toHaveURL(/\/desk\/$/);

  await page.context().clearCookies();
  await page.goto('/desk/sign-in');
  await page.getByRole('button', { name: words('entry_with_passkey'), exact: true }).click();
  await expect(page).toHaveURL(/\/desk\/$/);
  await page.goto('/desk/devices');
  await expect(page.getByText(words('devices_how_invitation')).first()).toBeVisible();

  await page.context().clearCookies();
  await page.goto('/desk/');
  await page.goto(link);
  await expect(page.getByText(words('refusal_spent_link_what'))).toBeVisible();
});

test('what is typed to come in by mail stays when the engine answers again', async ({ page, town, words }) => {
  await page.clock.install();
  await page.goto('/desk/sign-in');
  await page.getByText(words('entry_other_ways')).click();
  const mail = page.getByLabel(words('entry_email'));
  await mail.fill(`interventora@${town.slug}.example`);
  // The sign-in page asks by itself whether somebody signed in elsewhere.
  const asked = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/api/boot');
  await page.clock.runFor(35_000);
  await (await asked).finished();
  await page.clock.runFor(1_000);
  await expect(mail).toHaveValue(`interventora@${town.slug}.example`);
  await expect(mail).toBeFocused();
});
