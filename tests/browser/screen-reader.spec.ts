// The life of a post as somebody goes through it who hears the page and does not see it: by landmarks, headings, roles and names
// alone, and by keys. Each step is heard: the focus comes to what says by its name where one is, or a live region says what happened.
import type { Page } from '@playwright/test';
import { day, expect, test } from './town';

const TITLE = 'Corte de agua en la calle Mayor';

/** What is said by itself, wherever the focus is. */
const said = (page: Page, text: string | RegExp) => expect(page.getByRole('status').filter({ hasText: text }).first()).toBeVisible();

/** A page that was come to says its name. */
const arrived = (page: Page, name: string) => expect(page.getByRole('main', { name, exact: true })).toBeFocused();

/** A day as the desk says it, by the browser's own tables. */
const spoken = (page: Page, date: string, how: Intl.DateTimeFormatOptions) =>
  page.evaluate(([date, how]) => new Intl.DateTimeFormat('es', { ...how, timeZone: 'UTC' }).format(new Date(`${date}T12:00:00Z`)), [date, how] as const);

test('who hears the page writes, translates, plans, finds, moves and takes back', async ({ as, words }) => {
  const weekday = new Date(`${day(0)}T12:00:00Z`).getUTCDay();
  const [monday, tuesday, sunday] = [0, 1, 6].map((days) => day(((8 - weekday) % 7 || 7) + days));
  const author = await as('author');
  const go = (place: string) => author.getByRole('navigation', { name: words('frame_places'), exact: true }).getByRole('link', { name: place, exact: true }).press('Enter');

  // Home: the way past the bar, the landmarks, one heading above all.
  await author.goto('/desk/');
  await expect(author.locator('body')).toMatchAriaSnapshot(`
    - link "${words('frame_skip')}"
    - banner
    - navigation "${words('frame_places')}"
    - main "${words('frame_home')}":
      - heading /${words('home_hello', { name: '.+' })}/ [level=1]
  `);
  await author.keyboard.press('Tab');
  await expect(author.getByRole('link', { name: words('frame_skip'), exact: true })).toBeFocused();

  await go(words('frame_compose'));
  await arrived(author, words('frame_compose'));
  await expect(author.getByRole('heading', { level: 1, name: words('compose_new_title'), exact: true })).toBeVisible();
  await said(author, words('compose_saved_fresh'));

  // One language is written: what stops it is said, and of which language. The button that waits for it takes no focus.
  const write = async (title: string, text: string, language: string) => {
    const panel = author.getByRole('tabpanel', { name: language });
    await panel.getByRole('textbox', { name: words('compose_heading') }).fill(title);
    await panel.getByRole('textbox', { name: words('compose_text'), exact: true }).fill(text);
  };
  const submit = author.getByRole('button', { name: words('compose_submit'), exact: true });
  await write(TITLE, 'Mañana no hay agua en la calle Mayor, de nueve a once de la mañana.', words('language_es'));
  await said(author, new RegExp(`${words('compose_stops_one')}.*\\(${words('language_en')}\\)`));
  await expect(submit).toBeDisabled();

  // To the other language by an arrow; there its original is read.
  const tab = (language: string) => author.getByRole('tab', { name: new RegExp(`^${language}`) });
  await tab(words('language_es')).press('ArrowRight');
  await expect(tab(words('language_en'))).toBeFocused();
  await expect(tab(words('language_en'))).toHaveAttribute('aria-selected', 'true');
  const original = words('translation_source', { language: words('language_es') });
  await author.getByRole('button', { name: original, exact: true }).press('Enter');
  await expect(author.getByRole('button', { name: original, exact: true, expanded: true })).toBeFocused();
  await expect(author.getByRole('region', { name: original, exact: true })).toContainText('de nueve a once de la mañana');
  await write('Water cut in calle Mayor', 'There is no water in calle Mayor tomorrow, from nine to eleven in the morning.', words('language_en'));
  await said(author, words('compose_stops_none'));

  // A time: the dialog begins in its field, which says of which post it is, and the focus comes back to what opened it.
  const deciding = author.getByRole('region', { name: words('plan_agreeing_title'), exact: true });
  const place = deciding.getByRole('button', { name: words('plan_place'), exact: true });
  await expect(place).toBeEnabled();
  await place.press('Enter');
  const dialog = author.getByRole('dialog', { name: words('calendar_place_title'), exact: true });
  const field = dialog.getByLabel(words('calendar_place_when'), { exact: true });
  await expect(field).toBeFocused();
  await expect(field).toHaveAccessibleDescription(new RegExp(`^${TITLE} .*Europe/Madrid`));
  await field.fill(`${monday}T10:00`);
  await author.keyboard.press('Enter');
  await said(author, new RegExp(words('plan_placed', { when: '.*10:00' })));
  await expect(deciding.getByRole('button', { name: words('plan_move'), exact: true })).toBeFocused();

  await expect(submit).toBeEnabled();
  await submit.press('Enter');
  await said(author, words('compose_submitted'));
  await arrived(author, words('frame_post'));
  await expect(author.getByRole('heading', { level: 1, name: TITLE, exact: true })).toBeVisible();
  await expect(author.getByRole('region', { name: words('post_next'), exact: true })).toContainText(words('post_next_review'));

  // Whoever agrees hears how many wait; agreed to, it is placed where it was planned.
  const mayor = await as('approver');
  await mayor.goto('/desk/approvals');
  await said(mayor, words('approvals_left_one'));
  await expect(mayor.getByRole('article').getByRole('heading', { level: 2, name: TITLE, exact: true })).toBeVisible();
  await mayor.getByRole('button', { name: words('approvals_approve'), exact: true }).press('Enter');
  await said(mayor, words('approvals_approved'));
  await expect(mayor.getByRole('heading', { level: 1, name: words('approvals_title'), exact: true })).toBeFocused();

  // The calendar says its week, and turns to the next; on a Sunday's midnight it is there already.
  await go(words('frame_calendar'));
  await arrived(author, words('frame_calendar'));
  const long = { day: 'numeric', month: 'long', year: 'numeric' } as const;
  const range = words('calendar_range', { from: await spoken(author, monday, long), until: await spoken(author, sunday, long), week: '' });
  const weeks = author.getByRole('status').filter({ hasText: new RegExp(words('calendar_range', { from: '.+', until: '.+', week: '\\d+' })) });
  await expect(weeks).toBeVisible();
  if (!(await weeks.textContent())!.includes(range)) await author.getByRole('button', { name: words('calendar_after'), exact: true }).press('Enter');
  await said(author, range);

  // Under the heading of its day, by a name that says all that is seen of it.
  const card = async (date: string, hour: string) => {
    const named = await spoken(author, date, { weekday: 'long', day: 'numeric', month: 'long' });
    const on = author.getByRole('listitem').filter({ has: author.getByRole('heading', { level: 2, name: named, exact: true }) });
    const name = [TITLE, named, hour, words('network_noticeboard'), words('stage_placed')].join(', ');
    return on.getByRole('link', { name, exact: true });
  };
  await expect(await card(monday, '10:00')).toBeVisible();

  // Moved by its menu: the list says of which post it is, and so does the field. The focus stays with the post.
  const menu = words('calendar_menu', { heading: TITLE });
  await author.getByRole('button', { name: menu, exact: true }).press('Enter');
  const deeds = author.getByRole('group', { name: menu, exact: true });
  await expect(deeds).toBeVisible();
  await author.keyboard.press('Tab');
  await expect(deeds.getByRole('button', { name: words('calendar_move'), exact: true })).toBeFocused();
  await author.keyboard.press('Enter');
  await expect(field).toBeFocused();
  await expect(field).toHaveAccessibleDescription(new RegExp(`^${TITLE} `));
  await field.fill(`${tuesday}T12:15`);
  await author.keyboard.press('Enter');
  await said(author, new RegExp(words('calendar_moved', { heading: TITLE, when: `.*\\b${Number(tuesday.slice(8))}\\b.*12:15` })));
  await expect(await card(tuesday, '12:15')).toBeFocused();

  await author.getByRole('button', { name: words('calendar_undo'), exact: true }).press('Enter');
  await said(author, words('calendar_undone', { heading: TITLE }));
  await expect(await card(monday, '10:00')).toBeVisible();
});
