// Who answers for an account is said on its card, and handed over when somebody is gone, on a phone and by keys: the list of what is
// left to be done on the network stays, and prints without the form.
import { findings, over } from './axe';
import { ask, expect, session, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test('an account has two who answer for it, and when one is gone it is handed over', async ({ as, words, town, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const administrator = await session(request, baseURL!, of('administrator'));
  const connect = { network: 'assisted', on: 'facebook', channel: null, name: 'Nuestra página', handle: '@villa', address: null };
  await ask(request, baseURL!, administrator, 'POST', '/api/channels', connect);
  const named = async (role: string) => {
    const members = await ask(request, baseURL!, administrator, 'GET', '/api/members');
    return members.find((one: { id: string }) => one.id === of(role)).name as string;
  };
  const author = await named('author');

  const page = await as('administrator', phone);
  await page.goto('/desk/channels');
  const card = page.locator('.channel').filter({ hasText: 'Nuestra página' });
  await expect(card.getByText(words('custody_only_one_what'))).toBeVisible();
  expect(await findings(page)).toEqual([]);
  const say = card.getByRole('button', { name: new RegExp(words('custody_name')) });
  await say.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  const second = dialog.getByLabel(words('custody_second'), { exact: true });
  const option = second.locator('option').filter({ hasText: author });
  await second.selectOption((await option.getAttribute('value'))!);
  expect(await findings(page, { within: 'dialog[open]' })).toEqual([]);
  await dialog.getByRole('button', { name: words('general_save'), exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(card.getByText(words('custody_only_one_what'))).toHaveCount(0);
  await expect(say).toBeFocused();

  await ask(request, baseURL!, administrator, 'DELETE', `/api/members/${of('author')}`);
  await page.goto('/desk/');
  const gone = page.locator('.home-section', { has: page.getByRole('heading', { name: words('home_custody') }) });
  await expect(gone.getByText(author)).toBeVisible();
  await gone.getByRole('link', { name: words('home_custody_hand_over'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: words('custody_handover_title') })).toBeVisible();
  const mayor = await named('approver');
  const to = page.getByLabel(words('custody_to'), { exact: true });
  await to.selectOption((await to.locator('option').filter({ hasText: mayor }).getAttribute('value'))!);
  await expect(page.getByRole('heading', { name: words('custody_list_title') })).toBeVisible();
  await expect(page.getByText(words('custody_administrators_text'))).toBeVisible();
  expect(await findings(page)).toEqual([]);
  expect(await over(page), 'it is wider than its screen').toBeLessThanOrEqual(0);
  await page.getByRole('button', { name: words('custody_act'), exact: true }).click();
  await expect(page.locator('#handover-done')).toBeFocused();
  await expect(page.getByText(words('custody_administrators_text'))).toBeVisible();
  // Who has left is still named on the list.
  await expect(page.getByText(new RegExp(`${author}.*→`)).first()).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: words('general_print'), exact: true })).toBeHidden();
  await expect(page.getByText(words('custody_administrators_text'))).toBeVisible();
  await page.emulateMedia({ media: 'screen' });

  await page.getByRole('link', { name: words('custody_back'), exact: true }).click();
  await expect(card.getByText(new RegExp(mayor))).toBeVisible();
  await expect(card.getByText(words('custody_only_one_what'))).toHaveCount(0);
});
