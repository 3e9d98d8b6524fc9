// Emergencies on a phone: drawn by an administrator, asked for, agreed to by a second person, out on the noticeboard;
// in the one-person form ratified, or seen to be late.
import type { APIRequestContext, Page } from '@playwright/test';
import { findings, over } from './axe';
import { ask, expect, newId, session, test, type Town } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

async function examine(page: Page) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect.soft(await findings(page, { colours: colorScheme === 'dark' })).toEqual([]);
    expect.soft(await over(page), 'it is wider than its screen').toBeLessThanOrEqual(0);
  }
}

const of = (town: Town, role: string) => town.members.find(([name]) => name === role)![1];

async function draft(request: APIRequestContext, baseURL: string, town: Town): Promise<string> {
  const author = await session(request, baseURL, of(town, 'author'));
  const id = newId();
  const content = {
    kind: 'service', titles: { es: 'Riada', en: 'Flood' },
    texts: { es: 'No se acerquen al río: sube muy deprisa.', en: 'Keep away from the river: it is rising fast.' },
    targets: [{ channel: town.noticeboard, languages: ['es', 'en'] }],
  };
  await ask(request, baseURL, author, 'PUT', `/api/posts/${id}`, { version: 0, content });
  return id;
}

async function prepare(request: APIRequestContext, baseURL: string, town: Town, before: unknown) {
  const administrator = await session(request, baseURL, of(town, 'administrator'));
  const role = (name: string) => ({ party: 'role', role: name });
  const protocol = { publish: [role('author'), role('community')], ratify: [role('approver')], before };
  const { version } = await ask(request, baseURL, administrator, 'GET', '/api/bylaws');
  await ask(request, baseURL, administrator, 'PUT', '/api/bylaws/emergency', { version, protocol });
}

async function askFor(page: Page, id: string, words: (key: string) => string, act: string) {
  await page.goto(`/desk/posts/${id}`);
  await page.getByRole('button', { name: words('emergency_ask'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: words(act), exact: true })).toBeDisabled();
  await dialog.getByLabel(words('emergency_reason')).fill('Hay gente en la ribera.');
  await examine(page);
  await dialog.getByRole('button', { name: words(act), exact: true }).click();
}

test('the protocol is drawn with its gaps said before it is saved', async ({ as, words }) => {
  const administrator = await as('administrator', phone);
  await administrator.goto('/desk/circuits?view=emergency');
  const card = administrator.locator('section', { has: administrator.getByRole('heading', { name: words('emergency_protocol'), exact: true }) });
  const save = card.getByRole('button', { name: words('emergency_save'), exact: true });
  await expect(save).toBeDisabled();
  // One author alone cannot be two people.
  await card.getByLabel(words('emergency_form'), { exact: true }).selectOption('two');
  await expect(card.getByText(words('gap_nobody_else_next'))).toBeVisible();
  await expect(save).toBeDisabled();
  await card.getByRole('button', { name: words('emergency_party_add'), exact: true }).click();
  const role = words('circuits_party_role').replace('{role}', words('role_community_name'));
  await card.getByLabel(words('emergency_party'), { exact: true }).last().selectOption({ label: role });
  await expect(card.getByText(words('gap_nobody_else_next'))).toHaveCount(0);
  await examine(administrator);
  await save.click();
  await expect(administrator.getByText(words('general_saved')).first()).toBeVisible();
  await administrator.reload();
  await expect(card.getByLabel(words('emergency_form'), { exact: true })).toHaveValue('two');
  await expect(card.getByLabel(words('emergency_party'), { exact: true })).toHaveCount(2);
});

test('two people publish from their phones', async ({ as, town, words, request, baseURL }) => {
  const id = await draft(request, baseURL!, town);
  const author = await as('author', phone);
  // Without a protocol the way does not exist, and is not on screen.
  await author.goto(`/desk/posts/${id}`);
  await expect(author.getByRole('link', { name: words('general_edit'), exact: true })).toBeVisible();
  await expect(author.getByRole('button', { name: words('emergency_ask'), exact: true })).toHaveCount(0);
  await prepare(request, baseURL!, town, { before: 'two' });
  await askFor(author, id, words, 'emergency_ask_two_do');
  await expect(author.getByText(words('emergency_asked'))).toBeVisible();
  await expect(author.getByText(words('emergency_story_asked'))).toBeVisible();

  const second = await as('community', phone);
  await second.goto('/desk/');
  const urgent = second.locator('.home-section', { has: second.getByRole('heading', { name: words('emergency_urgent') }) });
  await expect(urgent).toBeVisible();
  await examine(second);
  await urgent.getByRole('link', { name: words('emergency_look'), exact: true }).click();
  await expect(second.getByText('Hay gente en la ribera.')).toBeVisible();
  await expect(second.getByText('No se acerquen al río: sube muy deprisa.').first()).toBeVisible();
  await examine(second);
  await second.getByRole('button', { name: words('emergency_agree'), exact: true }).click();
  await expect(second.getByText(words('emergency_agreed'))).toBeVisible();
  await expect(second.getByRole('button', { name: words('emergency_agree'), exact: true })).toHaveCount(0);

  const notice = await second.context().newPage();
  await expect(async () => {
    await notice.goto(`/${town.slug}/`);
    await expect(notice.getByText('sube muy deprisa').first()).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await author.reload();
  await expect(author.getByText(words('emergency_story'), { exact: true })).toBeVisible();
  await examine(author);
});

test('one publishes at once, and the mayor ratifies; another is disowned and can be taken down', async ({ as, town, words, request, baseURL }) => {
  await prepare(request, baseURL!, town, { before: 'one', within: 7_200_000 });
  const author = await as('author', phone);
  const first = await draft(request, baseURL!, town);
  await askFor(author, first, words, 'emergency_ask_one_do');
  await expect(author.getByText(words('emergency_published'))).toBeVisible();
  const mayor = await as('approver', phone);
  await mayor.goto(`/desk/approvals?post=${first}`);
  await mayor.getByRole('button', { name: words('emergency_ratify_do'), exact: true }).click();
  await expect(mayor.getByText(words('emergency_ratified'))).toBeVisible();
  await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();

  const other = await draft(request, baseURL!, town);
  await askFor(author, other, words, 'emergency_ask_one_do');
  await expect(author.getByText(words('emergency_published'))).toBeVisible();
  await mayor.goto('/desk/approvals');
  await mayor.getByRole('button', { name: words('emergency_disown'), exact: true }).click();
  await mayor.getByLabel(words('general_reason'), { exact: true }).fill('No había riesgo.');
  await mayor.getByRole('button', { name: words('emergency_disown'), exact: true }).click();
  // On its own page at once, with the two ways to mend it.
  const story = mayor.locator('.emergency');
  await expect(story.getByText('No había riesgo.')).toBeVisible();
  await expect(story.getByRole('button', { name: words('post_take_down'), exact: true })).toBeVisible();
  await examine(mayor);
});

test('what nobody ratified is said to be late, for ever', async ({ as, town, words, request, baseURL }) => {
  // A thousandth of a second to ratify in: it is late as soon as it is out.
  await prepare(request, baseURL!, town, { before: 'one', within: 1 });
  const id = await draft(request, baseURL!, town);
  const author = await as('author', phone);
  await askFor(author, id, words, 'emergency_ask_one_do');
  await expect(author.getByText(words('emergency_published'))).toBeVisible();
  const overdue = words('emergency_overdue').split('{')[0].trim();
  await author.reload();
  await expect(author.locator('.emergency').getByText(overdue)).toBeVisible();
  const administrator = await as('administrator', phone);
  await administrator.goto('/desk/');
  const urgent = administrator.locator('.home-section', { has: administrator.getByRole('heading', { name: words('emergency_urgent') }) });
  await expect(urgent.getByText(overdue)).toBeVisible();
  await examine(administrator);
  const mayor = await as('approver', phone);
  await mayor.goto('/desk/approvals');
  await mayor.getByRole('button', { name: words('emergency_ratify_do'), exact: true }).click();
  await expect(mayor.getByText(words('emergency_ratified'))).toBeVisible();
  await author.reload();
  await expect(author.locator('.emergency').getByText(words('emergency_late'))).toBeVisible();
});

test('an agency sees until when it has access, and the administrator prolongs it', async ({ as, town, words, request, baseURL }) => {
  const administrator = await as('administrator', phone);
  const secret = await session(request, baseURL!, of(town, 'administrator'));
  const agency = of(town, 'agency');
  const [now, day] = [Date.now(), 86_400_000];
  const access = { reach: 'limited', channels: [town.noticeboard], from: now - day, until: now + 5 * day };
  const change = { name: 'La agencia externa', email: null, role: 'agency', access };
  await ask(request, baseURL!, secret, 'PUT', `/api/members/${agency}`, change);
  const outside = await as('agency', phone);
  await outside.goto('/desk/');
  const own = words('home_own_window').split('{')[0].trim();
  await expect(outside.getByText(own)).toBeVisible();
  await examine(outside);

  await administrator.goto('/desk/');
  const ending = administrator.locator('.home-section', { has: administrator.getByRole('heading', { name: words('home_windows') }) });
  await expect(ending.getByText('La agencia externa')).toBeVisible();
  await examine(administrator);
  await ending.getByRole('link', { name: words('home_window_prolong'), exact: true }).click();
  const dialog = administrator.getByRole('dialog');
  await dialog.getByLabel(words('people_contract_until'), { exact: true }).fill('2099-01-31');
  await dialog.getByRole('button', { name: words('general_save'), exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await administrator.goto('/desk/');
  await expect(administrator.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(ending).toHaveCount(0);
});
