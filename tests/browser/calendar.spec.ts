// The calendar in all its views: the same posts everywhere, moved by mouse, by keys and by menu, sifted, noted on; what a
// colleague moves is seen to move.
import { findings, over, settled } from './axe';
import { pass } from './clock';
import { ask, day, expect, newId, session, test } from './town';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';

const notice = (channel: string, title: string) => ({
  kind: 'routine',
  titles: { es: title, en: title },
  texts: { es: `${title}: es el jueves por la mañana.`, en: `${title}: it is on Thursday morning.` },
  targets: [{ channel, languages: ['es', 'en'] }],
});

/** The Monday of next week in Madrid, and the days after it. */
function ofNextWeek(days: number): string {
  const weekday = new Date(`${day(0)}T12:00:00Z`).getUTCDay();
  return day(((8 - weekday) % 7 || 7) + days);
}

type Way = { request: any; baseURL: string; cookie: any; channel: string };

async function planned(way: Way, title: string, civil: string): Promise<string> {
  const id = newId();
  await ask(way.request, way.baseURL, way.cookie, 'PUT', `/api/posts/${id}`, { version: 0, content: notice(way.channel, title) });
  await ask(way.request, way.baseURL, way.cookie, 'PUT', `/api/posts/${id}/slot`, { version: 1, civil: `${civil}:00` });
  return id;
}

/** The headings that a view shows. */
async function shown(page: Page): Promise<string[]> {
  return (await page.locator('.calendar-main .slip-heading').allTextContents()).sort();
}

test('every view shows the same posts, and each can be read without a fault', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const way = { request, baseURL: baseURL!, cookie: await session(request, baseURL!, of('author')), channel: town.noticeboard };
  const tomorrow = day(1);
  await planned(way, 'Mercado de mañana', `${tomorrow}T10:00`);
  await planned(way, 'Taller de mañana', `${tomorrow}T10:10`);
  await planned(way, 'Cine de mañana', `${tomorrow}T21:00`);
  const desk = await as('author');
  await desk.goto(`/desk/calendar?day=${tomorrow}`);
  await expect.poll(() => shown(desk)).toEqual(['Cine de mañana', 'Mercado de mañana', 'Taller de mañana']);
  // Two of them in one hour, on one channel: both say so.
  await expect(desk.locator('.hour .slip-missed')).toHaveCount(2);
  expect(await findings(desk)).toEqual([]);
  for (const view of ['month', 'week', 'list', 'lanes'] as const) {
    await desk.getByRole('button', { name: words(`calendar_view_${view}` as any), exact: true }).click();
    await expect(desk).toHaveURL(new RegExp(`[?&]${view}=`));
    // A week that ends today does not hold tomorrow: then the next one is turned to.
    if (view === 'week') await desk.goto(`/desk/calendar?week=${tomorrow}`);
    if (view === 'lanes') await desk.goto(`/desk/calendar?lanes=${tomorrow}`);
    if (view === 'month') await desk.goto(`/desk/calendar?month=${tomorrow.slice(0, 7)}`);
    if (view === 'list') await desk.goto(`/desk/calendar?list=${tomorrow.slice(0, 7)}`);
    const here = desk.locator(`.calendar-main [data-day="${tomorrow}"] .slip-heading, .calendar-main .agenda-day[data-day="${tomorrow}"] .slip-heading`);
    await expect(here).toHaveCount(3);
    // The week and the list are walked with the other pages; a look costs seconds.
    if (view === 'month' || view === 'lanes') expect(await findings(desk)).toEqual([]);
  }
});

test('a post is moved by mouse, by key and by menu, and each can be undone', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const way = { request, baseURL: baseURL!, cookie: await session(request, baseURL!, of('author')), channel: town.noticeboard };
  const week = day(7);
  await planned(way, 'Cine de verano', `${week}T21:30`);
  const desk = await as('author');
  await desk.goto(`/desk/calendar?day=${week}`);
  await settled(desk);
  // By mouse, to another hour: its minutes stay.
  const card = desk.locator('.slip', { hasText: 'Cine de verano' });
  const hour = desk.locator(`[data-day="${week}T19:00"]`);
  await card.scrollIntoViewIfNeeded();
  const [from, to] = [(await card.boundingBox())!, (await hour.boundingBox())!];
  await desk.mouse.move(from.x + 30, from.y + from.height - 6);
  await desk.mouse.down();
  await desk.mouse.move(from.x + 30, from.y - 20, { steps: 4 });
  await desk.mouse.move(to.x + 100, to.y + 10, { steps: 4 });
  await expect(hour).toHaveClass(/day-over/);
  await desk.mouse.up();
  await expect(hour.locator('.slip-time')).toHaveText('19:30');
  await desk.getByRole('button', { name: words('calendar_undo'), exact: true }).click();
  await expect(desk.locator(`[data-day="${week}T21:00"] .slip-time`)).toHaveText('21:30');
  // By key.
  await desk.locator('.slip-heading', { hasText: 'Cine de verano' }).focus();
  await desk.keyboard.press('m');
  await desk.getByLabel(words('calendar_place_when')).fill(`${week}T12:15`);
  await desk.keyboard.press('Enter');
  await expect(desk.locator(`[data-day="${week}T12:00"] .slip-time`)).toHaveText('12:15');
  // It is shown there before the engine has answered; the dialog closes with the answer.
  await expect(desk.getByLabel(words('calendar_place_when'))).toBeHidden();
  // By menu, with the keyboard alone; the focus stays with the post.
  const menu = desk.getByRole('button', { name: words('calendar_menu').replace('{heading}', 'Cine de verano') });
  await menu.focus();
  await desk.keyboard.press('Enter');
  await expect(desk.locator('#deeds')).toBeVisible();
  await desk.keyboard.press('Tab');
  await desk.keyboard.press('ArrowDown');
  await expect(desk.getByRole('button', { name: words('calendar_move_before'), exact: true })).toBeFocused();
  // It is gone from here before the engine has answered; whoever left now would take the request along.
  await Promise.all([
    desk.waitForResponse((answer) => answer.url().endsWith('/slot') && answer.ok()),
    desk.keyboard.press('Enter'),
  ]);
  await expect(desk.locator('.slip', { hasText: 'Cine de verano' })).toHaveCount(0);
  await desk.keyboard.press('Escape');
  await desk.goto(`/desk/calendar?day=${day(6)}`);
  await expect(desk.locator(`[data-day="${day(6)}T12:00"] .slip-time`)).toHaveText('12:15');
});

test('a finger carries a post to a day below the screen', async ({ as, town, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const way = { request, baseURL: baseURL!, cookie: await session(request, baseURL!, of('author')), channel: town.noticeboard };
  const [monday, sunday] = [0, 6].map(ofNextWeek);
  await planned(way, 'Cine con el dedo', `${monday}T10:00`);
  for (const days of [1, 2, 3, 4]) await planned(way, `Taller ${days}`, `${ofNextWeek(days)}T1${days}:00`);
  const phone = await as('author', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await phone.goto(`/desk/calendar?week=${monday}`);
  // What comes later moves the days.
  await settled(phone);
  const card = phone.locator('.slip', { hasText: 'Cine con el dedo' });
  await card.evaluate((one) => one.scrollIntoView({ block: 'center' }));
  const there = phone.locator(`.day[data-day="${sunday}"]`);
  expect((await there.boundingBox())!.y).toBeGreaterThan(844);
  const handle = (await card.locator('.slip-handle').boundingBox())!;
  const x = handle.x + handle.width / 2;
  const finger = await phone.context().newCDPSession(phone);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y?: number) =>
    finger.send('Input.dispatchTouchEvent', { type, touchPoints: y === undefined ? [] : [{ x, y }] });
  await touch('touchStart', handle.y + handle.height / 2);
  await touch('touchMove', 600);
  await touch('touchMove', 756);
  // It rests near the lower edge, and the days come up to it.
  await expect.poll(async () => (await there.boundingBox())!.y, { timeout: 40_000, intervals: [50] }).toBeLessThan(600);
  await touch('touchMove', 500);
  const day = (await there.boundingBox())!;
  await touch('touchMove', day.y + day.height / 2);
  await expect(there).toHaveClass(/day-over/);
  await touch('touchEnd');
  await expect(there.locator('.slip', { hasText: 'Cine con el dedo' })).toBeVisible();
  expect(await over(phone)).toBeLessThanOrEqual(0);
});

test('on a phone the first day is seen at once, and the tools wait behind one button', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const way = { request, baseURL: baseURL!, cookie: await session(request, baseURL!, of('author')), channel: town.noticeboard };
  const monday = ofNextWeek(0);
  await planned(way, 'Pregón de bolsillo', `${monday}T10:00`);
  const phone = await as('author', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await phone.goto(`/desk/calendar?week=${monday}`);
  const card = phone.locator('.slip', { hasText: 'Pregón de bolsillo' });
  await expect(card).toBeInViewport({ ratio: 0.5 });
  const search = phone.getByRole('searchbox', { name: words('calendar_search') });
  await expect(search).toBeHidden();
  const tools = phone.getByRole('button', { name: words('calendar_tools'), exact: true });
  await expect(tools).toHaveAttribute('aria-expanded', 'false');
  await tools.click();
  await search.fill('nada de esto');
  await expect(card).toHaveCount(0);
  await expect(phone.getByRole('button', { name: words('calendar_tools_on_one', { n: '1' }), exact: true })).toHaveAttribute('aria-expanded', 'true');
  await search.fill('bolsillo');
  await expect(card).toBeVisible();
  // What keys do is nothing that a finger wants to read.
  await expect(phone.locator('.calendar-zone')).toBeVisible();
  await expect(phone.locator('.calendar-zone .keys')).toBeHidden();
  expect(await findings(phone)).toEqual([]);
  expect(await over(phone)).toBeLessThanOrEqual(0);
  // The other views are one press away, and a keyboard finds what is folded.
  await search.fill('');
  await phone.getByRole('button', { name: words('calendar_view_list'), exact: true }).click();
  await expect(phone).toHaveURL(/list=/);
  await phone.getByRole('button', { name: words('calendar_tools'), exact: true }).click();
  await expect(search).toBeHidden();
  await phone.getByRole('button', { name: words('calendar_today'), exact: true }).focus();
  await phone.keyboard.press('/');
  await expect(search).toBeFocused();
});

test('Escape lets a card go where it was', async ({ as, town, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const way = { request, baseURL: baseURL!, cookie: await session(request, baseURL!, of('author')), channel: town.noticeboard };
  const [monday, tuesday] = [0, 1].map(ofNextWeek);
  await planned(way, 'Cine indeciso', `${monday}T10:00`);
  const desk = await as('author');
  let moved = 0;
  desk.on('request', (asked) => void (moved += asked.url().endsWith('/slot') ? 1 : 0));
  await desk.goto(`/desk/calendar?week=${monday}`);
  await settled(desk);
  const [card, there] = [desk.locator('.slip', { hasText: 'Cine indeciso' }), desk.locator(`.day[data-day="${tuesday}"]`)];
  const [from, to] = [(await card.boundingBox())!, (await there.boundingBox())!];
  await desk.mouse.move(from.x + 30, from.y + from.height - 6);
  await desk.mouse.down();
  await desk.mouse.move(to.x + 20, from.y + 20, { steps: 6 });
  await expect(there).toHaveClass(/day-over/);
  await expect(card).toHaveClass(/slip-held/);
  await desk.keyboard.press('Escape');
  await expect(there).not.toHaveClass(/day-over/);
  await expect(card).not.toHaveClass(/slip-held/);
  await expect.poll(async () => (await card.boundingBox())!.x).toBe(from.x);
  await desk.mouse.up();
  await expect(desk.locator(`.day[data-day="${monday}"] .slip`)).toHaveCount(1);
  expect([moved, new URL(desk.url()).pathname]).toEqual([0, '/desk/calendar']);
});

test('on the night when clocks go back, a post is dragged from the first of two equal hours to the second', async ({ as, town, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const cookie = await session(request, baseURL!, of('author'));
  const last = new Date(Date.UTC(new Date().getUTCFullYear() + 1, 10, 0));
  last.setUTCDate(last.getUTCDate() - last.getUTCDay());
  const night = last.toISOString().slice(0, 10);
  const id = newId();
  await ask(request, baseURL!, cookie, 'PUT', `/api/posts/${id}`, { version: 0, content: notice(town.noticeboard, 'Cine de la hora doble') });
  await ask(request, baseURL!, cookie, 'PUT', `/api/posts/${id}/slot`, { version: 1, civil: `${night}T02:30:00`, fold: 'first' });
  const desk = await as('author');
  await desk.goto(`/desk/calendar?day=${night}`);
  await settled(desk);
  const twice = desk.locator(`.hour[data-day="${night}T02:00"]`);
  await expect(twice).toHaveCount(2);
  const card = desk.locator('.slip', { hasText: 'Cine de la hora doble' });
  await expect(twice.first().locator('.slip')).toHaveCount(1);
  await card.evaluate((one) => one.scrollIntoView({ block: 'center' }));
  const [from, to] = [(await card.boundingBox())!, (await twice.last().boundingBox())!];
  await desk.mouse.move(from.x + 30, from.y + from.height - 6);
  await desk.mouse.down();
  await desk.mouse.move(from.x + 30, from.y + from.height + 10, { steps: 4 });
  await desk.mouse.move(to.x + 100, to.y + to.height / 2, { steps: 4 });
  await expect(twice.last()).toHaveClass(/day-over/);
  await Promise.all([desk.waitForResponse((answer) => answer.url().endsWith('/slot') && answer.ok()), desk.mouse.up()]);
  await desk.reload();
  await expect(twice.last().locator('.slip-time')).toHaveText('02:30');
  await expect(twice.first().locator('.slip')).toHaveCount(0);
});

test('what a month at hand has of a week, a day and a list is drawn before the engine answers', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const way = { request, baseURL: baseURL!, cookie: await session(request, baseURL!, of('author')), channel: town.noticeboard };
  // Of a month without today its first day is gone to.
  const month = day(75).slice(0, 7);
  await planned(way, 'Pregón a mano', `${month}-01T10:00`);
  const desk = await as('author');
  const card = (view: string) => desk.locator(`.calendar-main ${view} .slip-heading`, { hasText: 'Pregón a mano' });
  await desk.goto(`/desk/calendar?month=${month}`);
  await expect(card('.month')).toBeVisible();
  let [held, open] = [0, () => {}];
  const line = new Promise<void>((done) => (open = done));
  await desk.route(/\/api\/posts\?(.*&)?from=/, async (route) => ((held += 1), await line, await route.continue()));
  // The week comes last: the one of the first day may be of the month before.
  const views = { list: '.agenda-days', month: '.month', day: '.hours', week: '.week' };
  for (const view of ['list', 'month', 'day', 'month', 'week'] as const) {
    await desk.getByRole('button', { name: words(`calendar_view_${view}` as any), exact: true }).click();
    await expect(card(views[view])).toBeVisible();
  }
  // It was asked all the same, and what it says takes nothing away.
  expect(held).toBeGreaterThan(0);
  const answered = desk.waitForResponse((answer) => /\/api\/posts\?(.*&)?from=/.test(answer.url()));
  open();
  await answered;
  await expect(card('.week')).toHaveCount(1);
});

test('on a slow line one post is moved beside another, and the same one twice: nothing is swallowed', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const way = { request, baseURL: baseURL!, cookie: await session(request, baseURL!, of('author')), channel: town.noticeboard };
  const [monday, tuesday, wednesday] = [0, 1, 2].map(ofNextWeek);
  await planned(way, 'Cine lento', `${monday}T10:00`);
  await planned(way, 'Taller lento', `${monday}T18:00`);
  const desk = await as('author');
  let [answered, open] = [0, () => {}];
  const line = new Promise<void>((done) => (open = done));
  await desk.route('**/api/posts/*/slot', async (route) => (await line, await route.continue()));
  desk.on('response', (answer) => void (answered += answer.url().endsWith('/slot') && answer.ok() ? 1 : 0));
  await desk.goto(`/desk/calendar?week=${monday}`);
  const on = (date: string, title: string) => desk.locator(`.day[data-day="${date}"] .slip`, { hasText: title });
  const later = async (title: string) => {
    await desk.getByRole('button', { name: words('calendar_menu').replace('{heading}', title) }).click();
    await desk.getByRole('button', { name: words('calendar_move_after'), exact: true }).click();
  };
  await later('Cine lento');
  await expect(on(tuesday, 'Cine lento')).toBeVisible();
  await later('Taller lento');
  await expect(on(tuesday, 'Taller lento')).toBeVisible();
  // None of it is answered yet, and the first goes on by another day.
  await later('Cine lento');
  await expect(on(wednesday, 'Cine lento')).toBeVisible();
  expect(answered).toBe(0);
  open();
  await expect.poll(() => answered).toBe(3);
  await desk.reload();
  await expect(on(wednesday, 'Cine lento')).toBeVisible();
  await expect(on(tuesday, 'Taller lento')).toBeVisible();
});

test('what clashes over midnight on a Sunday is told by the week, the day and the month alike', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const way = { request, baseURL: baseURL!, cookie: await session(request, baseURL!, of('author')), channel: town.noticeboard };
  const [sunday, monday] = [6, 7].map(ofNextWeek);
  const night = await planned(way, 'Verbena de noche', `${sunday}T23:50`);
  await planned(way, 'Bando de madrugada', `${monday}T00:10`);
  const desk = await as('author');
  const told = desk.locator('.calendar-main .slip-missed');
  const near = (other: string) => words('calendar_clash_near').replace('{other}', other);
  for (const view of ['week', 'day', 'month'] as const) {
    await desk.goto(`/desk/calendar?${view}=${view === 'month' ? sunday.slice(0, 7) : sunday}`);
    const heading = desk.locator('.slip-heading', { hasText: 'Verbena de noche' });
    const card = desk.locator('.calendar-main li[data-hue]', { has: heading });
    await expect(card.locator('.slip-missed')).toHaveText(near('Bando de madrugada'));
    // Only what belongs to these days is drawn.
    if (view !== 'month') await expect(told).toHaveCount(1);
  }
  await desk.goto(`/desk/calendar?week=${monday}`);
  await expect(told).toHaveText(near('Verbena de noche'));
  // What is said leads to the one that it is said of.
  await told.getByRole('link').click();
  await expect(desk).toHaveURL(new RegExp(`/desk/posts/${night}`));
});

test('the same words under another heading, and one topic by two people, are said on both', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const [author, keeper] = [await session(request, baseURL!, of('author')), await session(request, baseURL!, of('administrator'))];
  const tell = (cookie: any, path: string, data: unknown) => ask(request, baseURL!, cookie, 'PUT', path, data);
  const [tomorrow, feast] = [day(1), newId()];
  await tell(keeper, `/api/campaigns/${feast}`, { version: 0, name: 'Fiestas de la vecindad', archived: false });
  const plan = async (cookie: any, title: string, hour: string, text?: string, campaign?: string) => {
    const id = newId();
    const content = notice(town.noticeboard, title);
    if (text) content.texts = { es: text, en: text };
    await tell(cookie, `/api/posts/${id}`, { version: 0, content });
    if (campaign) await tell(cookie, `/api/posts/${id}/belonging`, { version: 1, belongs: { campaign } });
    await tell(cookie, `/api/posts/${id}/slot`, { version: campaign ? 2 : 1, civil: `${tomorrow}T${hour}:00` });
  };
  const cut = 'El agua se corta en la calle Mayor mientras duran las obras.';
  await plan(author, 'Calle sin agua', '09:00', cut);
  await plan(author, 'Obras y grifos', '11:00', `${cut.toUpperCase()} #Agua`);
  await plan(author, 'Calle con agua', '13:00', cut.replace('Mayor', 'Real'));
  await plan(author, 'Gigantes y cabezudos', '16:00', undefined, feast);
  await plan(keeper, 'Orquesta en la plaza', '18:00', undefined, feast);
  const desk = await as('author');
  await desk.goto(`/desk/calendar?day=${tomorrow}`);
  const told = (title: string) => desk.locator('.calendar-main li[data-hue]', { has: desk.locator('.slip-heading', { hasText: title }) }).locator('.slip-missed');
  const says = (key: any, other: string) => words(key).replace('{other}', other).split('{when}')[0];
  await expect(told('Calle sin agua')).toContainText(says('calendar_clash_same', 'Obras y grifos'));
  await expect(told('Obras y grifos')).toContainText(says('calendar_clash_same', 'Calle sin agua'));
  await expect(told('Gigantes y cabezudos')).toContainText(says('calendar_clash_topic', 'Orquesta en la plaza'));
  await expect(told('Orquesta en la plaza')).toContainText(says('calendar_clash_topic', 'Gigantes y cabezudos'));
  await expect(told('Calle con agua')).toHaveCount(0);
  expect(await findings(desk)).toEqual([]);
});

test('what is looked for stands in the address, and a copy is a draft of its own', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const way = { request, baseURL: baseURL!, cookie: await session(request, baseURL!, of('author')), channel: town.noticeboard };
  const tomorrow = day(1);
  await planned(way, 'Ñandúes en el parque', `${tomorrow}T10:00`);
  await planned(way, 'Mercado de mañana', `${tomorrow}T12:00`);
  const desk = await as('author');
  await desk.goto(`/desk/calendar?day=${tomorrow}`);
  await expect.poll(() => shown(desk)).toEqual(['Mercado de mañana', 'Ñandúes en el parque']);
  await desk.getByRole('searchbox', { name: words('calendar_search') }).fill('nandu PARQUE');
  await expect.poll(() => shown(desk)).toEqual(['Ñandúes en el parque']);
  await expect(desk).toHaveURL(/text=nandu/);
  await desk.reload();
  await expect.poll(() => shown(desk)).toEqual(['Ñandúes en el parque']);
  await desk.getByRole('button', { name: words('calendar_sieve'), exact: true }).click();
  await desk.getByLabel(words('calendar_by_network'), { exact: true }).selectOption('noticeboard');
  await expect.poll(() => shown(desk)).toEqual(['Ñandúes en el parque']);
  await desk.getByLabel(words('calendar_by_stage'), { exact: true }).selectOption('out');
  await expect(desk.locator('.calendar-main .slip')).toHaveCount(0);
  expect(await findings(desk)).toEqual([]);
  await desk.getByRole('button', { name: words('calendar_sieve_away'), exact: true }).click();
  await desk.getByRole('searchbox', { name: words('calendar_search') }).fill('');
  await expect.poll(() => shown(desk)).toEqual(['Mercado de mañana', 'Ñandúes en el parque']);

  await desk.getByRole('button', { name: words('calendar_menu').replace('{heading}', 'Mercado de mañana') }).click();
  await desk.getByRole('button', { name: words('calendar_duplicate'), exact: true }).click();
  await desk.getByRole('dialog').getByRole('button', { name: words('calendar_duplicate_do'), exact: true }).click();
  await expect(desk).toHaveURL(/\/desk\/posts\/[0-9a-z]{26}\/edit/);
  await expect(desk.locator('#title-es')).toHaveValue('Mercado de mañana');
});

test('a copy goes to the channels that are ticked, keeps what it belongs to, and says what stays behind', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const way = { request, baseURL: baseURL!, cookie: await session(request, baseURL!, of('author')), channel: town.noticeboard };
  const keeper = await session(request, baseURL!, of('administrator'));
  const tell = (cookie: any, method: string, path: string, data?: unknown) => ask(request, baseURL!, cookie, method, path, data);
  const connect = async (name: string) => {
    const channel = { network: 'assisted', on: 'whatsapp', channel: null, name, handle: `@${name.replaceAll(' ', '')}`, address: null };
    return (await tell(keeper, 'POST', '/api/channels', channel)).channel.id;
  };
  const [gone, more] = [await connect('WhatsApp de antes'), await connect('WhatsApp de ahora')];
  const [lasting, over] = [newId(), newId()];
  await tell(keeper, 'PUT', `/api/pillars/${lasting}`, { version: 0, name: 'Movilidad' });
  await tell(keeper, 'PUT', `/api/audiences/${over}`, { version: 0, name: 'Feriantes', who: '', found: '', languages: [], needs: '' });
  const id = newId();
  const content = notice(town.noticeboard, 'Mercado de siempre');
  content.targets.push({ channel: gone, languages: ['es'] });
  await tell(way.cookie, 'PUT', `/api/posts/${id}`, { version: 0, content });
  await tell(way.cookie, 'PUT', `/api/posts/${id}/belonging`, { version: 1, belongs: { pillar: lasting, audience: over } });
  await tell(way.cookie, 'PUT', `/api/posts/${id}/slot`, { version: 2, civil: `${day(1)}T10:00:00` });
  await tell(keeper, 'PUT', `/api/audiences/${over}`, { version: 1, name: 'Feriantes', who: '', found: '', languages: [], needs: '', archived: true });
  await tell(keeper, 'DELETE', `/api/channels/${gone}`);
  const desk = await as('author');
  await desk.goto(`/desk/calendar?day=${day(1)}`);
  await desk.getByRole('button', { name: words('calendar_menu').replace('{heading}', 'Mercado de siempre') }).click();
  await desk.getByRole('button', { name: words('calendar_duplicate'), exact: true }).click();
  const dialog = desk.getByRole('dialog');
  await expect(dialog.locator('.notice li')).toHaveText([
    words('history_left_channel', { channel: 'WhatsApp de antes' }), words('calendar_duplicate_over', { name: 'Feriantes' }),
  ]);
  const box = (name: string) => dialog.getByRole('checkbox', { name: new RegExp(name) });
  await expect(box('WhatsApp de antes')).toHaveCount(0);
  await expect(box('WhatsApp de ahora')).not.toBeChecked();
  await expect(dialog.locator('input:checked')).toHaveCount(1);
  expect(await findings(desk, { within: 'dialog[open]' })).toEqual([]);
  await box('WhatsApp de ahora').check();
  await dialog.getByRole('button', { name: words('calendar_duplicate_do'), exact: true }).click();
  await expect(desk).toHaveURL(/\/desk\/posts\/[0-9a-z]{26}\/edit/);
  const copy = /posts\/(\w+)\/edit/.exec(desk.url())![1];
  expect(copy).not.toBe(id);
  const made = await tell(way.cookie, 'GET', `/api/posts/${copy}`);
  expect(made.post.belongs).toEqual({ pillar: lasting });
  expect(made.post.content.targets.map((target: any) => target.channel).sort()).toEqual([town.noticeboard, more].sort());
  expect(made.post.plan).toBeNull();
});

test('a note and what others plan stand on their days in every view, and are taken away', async ({ as, words }) => {
  const tomorrow = day(1);
  const events = `BEGIN:VEVENT\r\nUID:a\r\nDTSTART:${tomorrow.replaceAll('-', '')}T183000\r\nSUMMARY:<i>Consejo</i> escolar\r\nEND:VEVENT\r\n`;
  const school = createServer((_, answer) => answer.end(`BEGIN:VCALENDAR\r\n${events}END:VCALENDAR\r\n`));
  await new Promise<void>((ready) => school.listen(0, '127.0.0.1', ready));
  const office = await as('administrator');
  await office.goto('/desk/organisation');
  await office.getByLabel(words('foreign_new'), { exact: true }).fill('Colegio');
  await office.getByLabel(words('foreign_address'), { exact: true }).fill(`http://127.0.0.1:${(school.address() as AddressInfo).port}/a.ics`);
  await office.getByRole('button', { name: words('foreign_add'), exact: true }).click();
  const card = office.locator('section', { has: office.getByRole('heading', { name: words('foreign_title'), exact: true }) });
  await expect(card.getByText(words('foreign_has_one'))).toBeVisible();
  expect(await findings(office)).toEqual([]);
  const desk = await as('author');
  await desk.goto(`/desk/calendar?day=${tomorrow}`);
  await desk.getByRole('button', { name: words('calendar_mark'), exact: true }).click();
  await desk.getByLabel(words('calendar_mark_text')).fill('Pleno extraordinario');
  await desk.getByLabel(words('calendar_mark_kind')).selectOption('session');
  expect(await findings(desk)).toEqual([]);
  await desk.getByRole('button', { name: words('general_save'), exact: true }).click();
  const note = desk.locator('.day-mark', { hasText: 'Pleno extraordinario' });
  await expect(note).toHaveCount(1);
  await desk.goto(`/desk/calendar?month=${tomorrow.slice(0, 7)}`);
  await expect(note).toHaveCount(1);
  const other = desk.locator('.day-mark', { hasText: 'Colegio: 18:30 <i>Consejo</i> escolar' });
  await expect(other).toHaveCount(1);
  // It is written about from there: an event of that name, on that day at that hour. Nothing is stored before a word is written.
  await desk.goto(`/desk/calendar?day=${tomorrow}`);
  await desk.getByRole('link', { name: new RegExp(words('calendar_other_write')) }).click();
  await expect(desk).toHaveURL(/\/desk\/posts\/[0-9a-z]{26}\/edit\?/);
  await expect(desk.locator('#title-es')).toHaveValue('<i>Consejo</i> escolar');
  await expect(desk.locator('#event-start')).toHaveValue(`${tomorrow}T18:30`);
  await desk.reload();
  await expect(desk.locator('#title-es')).toHaveValue('<i>Consejo</i> escolar');
  await desk.goto('/desk/posts/new?about=%20&at=otra');
  await expect(desk.locator('#title-es')).toHaveValue('');
  await desk.goto(`/desk/calendar?month=${tomorrow.slice(0, 7)}`);
  await note.getByRole('button').click();
  await desk.getByRole('button', { name: words('calendar_mark_drop'), exact: true }).click();
  await expect(note).toHaveCount(0);
  // Who plans leaves the others out by a filter that stands in the address.
  await desk.getByRole('button', { name: words('calendar_sieve'), exact: true }).click();
  await desk.getByRole('checkbox', { name: words('calendar_layer_others'), exact: true }).uncheck();
  await expect(desk).toHaveURL(/[?&]own=1/);
  await expect(other).toHaveCount(0);
  await desk.goto(`/desk/calendar?week=${tomorrow}`);
  await expect(other).toHaveCount(1);
  // The server is gone: it is said, and what was read stays.
  school.closeAllConnections();
  await new Promise((gone) => school.close(gone));
  await card.getByRole('button', { name: `${words('foreign_fetch')}: Colegio`, exact: true }).click();
  await expect(card.locator('.notice')).toBeVisible();
  await card.getByRole('button', { name: `${words('foreign_drop')}: Colegio`, exact: true }).click();
  await office.getByRole('dialog').getByRole('button', { name: words('foreign_drop'), exact: true }).click();
  await expect(card.getByText(words('foreign_none'))).toBeVisible();
});

test('a free hole is offered, and what a colleague moves is seen to move', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const way = { request, baseURL: baseURL!, cookie: await session(request, baseURL!, of('author')), channel: town.noticeboard };
  const tomorrow = day(1);
  const id = await planned(way, 'Mercado de mañana', `${tomorrow}T10:00`);
  const desk = await as('author');
  await desk.clock.install();
  await desk.goto(`/desk/calendar?day=${tomorrow}`);
  await expect(desk.locator(`[data-day="${tomorrow}T10:00"] .slip-time`)).toHaveText('10:00');
  await desk.locator('.slip-heading').focus();
  await desk.keyboard.press('m');
  const holes = desk.getByRole('group', { name: words('calendar_holes') }).getByRole('button');
  await expect(holes).toHaveCount(3);
  await holes.first().click();
  await expect(desk.getByLabel(words('calendar_place_when'))).not.toHaveValue(`${tomorrow}T10:00`);
  await desk.keyboard.press('Escape');
  // Elsewhere somebody moves it. Nothing is reloaded here.
  await desk.locator('.slip-heading').focus();
  await pass(desk, 16, 4);
  await ask(request, baseURL!, way.cookie, 'PUT', `/api/posts/${id}/slot`, { version: 2, civil: `${tomorrow}T13:05:00` });
  await pass(desk, 40, 4);
  await expect(desk.locator(`[data-day="${tomorrow}T13:00"] .slip-time`)).toHaveText('13:05');
  // The focus comes with the next frame, which is drawn when time goes by.
  await pass(desk, 1);
  await expect(desk.locator('.slip-heading')).toBeFocused();
});

test('where one places, a day of mourning says what it is, and is not offered', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const way = { request, baseURL: baseURL!, cookie: await session(request, baseURL!, of('author')), channel: town.noticeboard };
  const [monday, tuesday, far] = [ofNextWeek(0), ofNextWeek(1), ofNextWeek(70)];
  await planned(way, 'Cine de luto', `${monday}T10:00`);
  const mark = (kind: string, text: string, on: string) =>
    ask(request, baseURL!, way.cookie, 'PUT', `/api/marks/${newId()}`, { version: 0, kind, text, first: on, last: on });
  await mark('mourning', 'Luto por las víctimas', tuesday);
  await mark('election', 'Elecciones locales', far);
  await mark('session', 'Pleno', monday);
  const desk = await as('author');
  await desk.goto(`/desk/calendar?week=${monday}`);
  await desk.locator('.slip-heading', { hasText: 'Cine de luto' }).focus();
  await desk.keyboard.press('m');
  const field = desk.getByLabel(words('calendar_place_when'));
  const dialog = desk.getByRole('dialog');
  await expect(dialog.getByRole('group', { name: words('calendar_holes') }).getByRole('button')).toHaveCount(3);
  await expect(dialog.locator('.notice')).toHaveCount(0);
  await field.fill(`${tuesday}T12:00`);
  await expect(dialog.locator('.notice')).toHaveText(words('calendar_place_mourning', { text: 'Luto por las víctimas' }));
  expect(await findings(desk, { within: 'dialog[open]' })).toEqual([]);
  // A day that no calendar shows here.
  await field.fill(`${far}T12:00`);
  await expect(dialog.locator('.notice')).toHaveText(words('calendar_place_election', { text: 'Elecciones locales' }));
  await field.fill(`${monday}T12:00`);
  await expect(dialog.locator('.notice')).toHaveCount(0);
});

test('a gap in the week offers what of the tray could fill it, at the first hole of that week', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const author = await session(request, baseURL!, of('author'));
  const keeper = await session(request, baseURL!, of('administrator'));
  const [monday, sunday] = [0, 6].map(ofNextWeek);
  const pillar = newId();
  await ask(request, baseURL!, keeper, 'PUT', `/api/pillars/${pillar}`, { version: 0, name: 'Movilidad' });
  for (const about of [undefined, pillar]) {
    const promise = { version: 0, channel: town.noticeboard, count: 1, per: 'week', pillar: about, first: day(-30) };
    await ask(request, baseURL!, keeper, 'PUT', `/api/promises/${newId()}`, promise);
  }
  const id = newId();
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${id}`, { version: 0, content: notice(town.noticeboard, 'Mercado en la bandeja') });
  const desk = await as('author');
  await desk.goto(`/desk/calendar?week=${monday}`);
  const filling = desk.locator('.even-fill');
  await filling.locator('summary').click();
  const gap = (more: string) => filling.locator('li', { hasText: words('promise_week', { count: '1' }).split('{')[0].trim() }).filter(more ? { hasText: more } : { hasNotText: 'Movilidad' });
  // What is in the tray says nothing of mobility: there it is to be written.
  await expect(gap('Movilidad').getByRole('link', { name: words('promise_write') })).toHaveAttribute('href', new RegExp(`channel=${town.noticeboard}&pillar=${pillar}`));
  await expect(gap('Movilidad').getByRole('button')).toHaveCount(0);
  expect(await findings(desk)).toEqual([]);
  await gap('').getByRole('button', { name: 'Mercado en la bandeja', exact: true }).click();
  const field = desk.getByLabel(words('calendar_place_when'));
  const holes = desk.getByRole('group', { name: words('calendar_holes') }).getByRole('button');
  await expect(holes.first()).toBeVisible();
  const at = await field.inputValue();
  expect(at >= monday && at < `${sunday}T24`, at).toBe(true);
  await desk.getByRole('button', { name: words('plan_place_do'), exact: true }).click();
  await expect(desk.locator('.week .slip', { hasText: 'Mercado en la bandeja' })).toBeVisible();
  // One of the two is kept now; the other is not.
  await expect(filling.locator('li')).toHaveCount(1);
  await expect(gap('Movilidad')).toHaveCount(1);
});

test('the public holidays of a year are seen, noted by name, and never noted twice', async ({ as, words }) => {
  const desk = await as('author');
  await desk.goto('/desk/calendar?month=2027-04');
  const bring = async () => {
    await desk.getByRole('button', { name: words('calendar_mark'), exact: true }).click();
    await desk.getByRole('button', { name: words('feast_bring'), exact: true }).click();
  };
  await bring();
  const dialog = desk.getByRole('dialog');
  await dialog.getByLabel(words('feast_region')).selectOption('CL');
  await dialog.getByLabel(words('feast_year')).selectOption('2027');
  await expect(dialog.getByText('Fiesta de Castilla y León')).toBeVisible();
  await expect(dialog.locator('li')).toHaveCount(12);
  expect(await findings(desk, { within: 'dialog[open]' })).toEqual([]);
  await dialog.getByRole('button', { name: words('feast_add'), exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(desk.getByText('Fiesta de Castilla y León').first()).toBeVisible();
  // Once more: the region is remembered, and there is nothing left to note.
  await bring();
  await dialog.getByLabel(words('feast_year')).selectOption('2027');
  await expect(dialog.getByText(words('feast_none'))).toBeVisible();
  await expect(dialog.getByRole('button', { name: words('feast_add'), exact: true })).toBeDisabled();
});

test('each layer of the days is hidden by itself, in the address and in views, and no rule with it', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const way = { request, baseURL: baseURL!, cookie: await session(request, baseURL!, of('author')), channel: town.noticeboard };
  const on = ofNextWeek(28);
  await planned(way, 'Cine con capas', `${on}T10:00`);
  const kinds = ['note', 'feast', 'session', 'election', 'mourning'];
  for (const kind of kinds) {
    await ask(request, baseURL!, way.cookie, 'PUT', `/api/marks/${newId()}`, { version: 0, kind, text: `De ${kind}`, first: on, last: on });
  }
  const desk = await as('author', { viewport: { width: 390, height: 844 } });
  await desk.goto(`/desk/calendar?day=${on}`);
  const mark = (kind: string) => desk.locator('.calendar-main .day-mark', { hasText: `De ${kind}` });
  for (const kind of kinds) await expect(mark(kind)).toBeVisible();
  // On a phone the filters wait behind one button.
  await desk.getByRole('button', { name: words('calendar_tools'), exact: true }).click();
  await desk.getByRole('button', { name: words('calendar_sieve'), exact: true }).click();
  const group = desk.getByRole('group', { name: words('calendar_layers'), exact: true });
  await expect(group).toHaveAccessibleDescription(words('calendar_layers_hint'));
  await expect(group.getByRole('checkbox', { checked: true })).toHaveCount(8);
  const box = (kind: string) => group.getByRole('checkbox', { name: words(`calendar_kind_${kind}` as any), exact: true });
  for (const kind of kinds) {
    await box(kind).uncheck();
    await expect(mark(kind)).toHaveCount(0);
    for (const other of kinds) if (other !== kind) await expect(mark(other)).toBeVisible();
    await expect(desk).toHaveURL(new RegExp(`[?&]hidden=${kind}$`));
    await box(kind).check();
    await expect(mark(kind)).toBeVisible();
    await expect(desk).not.toHaveURL(/hidden=/);
  }
  // Two of them, in whatever order; a colleague who opens the address sees the same.
  await box('mourning').uncheck();
  await expect(mark('mourning')).toHaveCount(0);
  await box('note').uncheck();
  await expect(desk).toHaveURL(/[?&]hidden=note\.mourning$/);
  await desk.reload();
  await expect(mark('feast')).toBeVisible();
  await expect(mark('note').or(mark('mourning'))).toHaveCount(0);
  await desk.getByRole('button', { name: words('calendar_tools_on_other', { n: '2' }), exact: true }).click();
  await expect(box('note')).not.toBeChecked();
  await expect(box('feast')).toBeChecked();
  expect(await findings(desk)).toEqual([]);
  expect(await over(desk)).toBeLessThanOrEqual(0);
  // It is kept under a name, and found again.
  const name = desk.getByLabel(words('calendar_kept_name'));
  await name.fill('Sin lutos');
  await name.press('Enter');
  const kept = desk.getByRole('button', { name: /^(✓ )?Sin lutos$/ });
  await expect(kept).toHaveAttribute('aria-pressed', 'true');
  await desk.getByRole('button', { name: words('calendar_sieve_away'), exact: true }).click();
  await expect(mark('mourning')).toBeVisible();
  await kept.click();
  await expect(mark('mourning')).toHaveCount(0);
  await expect(box('mourning')).not.toBeChecked();
  // Whoever does not see the mourning is told of it where they place.
  await desk.locator('.slip-heading', { hasText: 'Cine con capas' }).focus();
  await desk.keyboard.press('m');
  await desk.getByLabel(words('calendar_place_when')).fill(`${on}T12:00`);
  await expect(desk.getByRole('dialog').locator('.notice').filter({ hasText: words('calendar_place_mourning', { text: 'De mourning' }) })).toBeVisible();
  await desk.keyboard.press('Escape');
  await expect(desk.getByRole('dialog')).toHaveCount(0);
  // Whoever notes something of a kind that is hidden sees it.
  await desk.getByRole('button', { name: words('calendar_mark'), exact: true }).click();
  const form = desk.getByRole('dialog');
  await form.getByLabel(words('calendar_mark_kind')).selectOption('note');
  await form.getByLabel(words('calendar_mark_text')).fill('De note, hoy mismo');
  await form.getByRole('button', { name: words('general_save'), exact: true }).click();
  await expect(desk).toHaveURL(/[?&]hidden=mourning$/);
  await expect(mark('note').first()).toBeVisible();
  await expect(mark('mourning')).toHaveCount(0);
});

test('what is shown is kept under a name, found again and taken away', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const way = { request, baseURL: baseURL!, cookie: await session(request, baseURL!, of('author')), channel: town.noticeboard };
  const tomorrow = day(1);
  await planned(way, 'Mercado de las vistas', `${tomorrow}T10:00`);
  const desk = await as('author');
  await desk.goto(`/desk/calendar?day=${tomorrow}&network=x`);
  const name = desk.getByLabel(words('calendar_kept_name'));
  await name.fill('Solo X');
  await expect(desk.locator('.slip-heading', { hasText: 'Mercado de las vistas' })).toHaveCount(0);
  await name.press('Enter');
  // The tick of one that is pressed is heard with its name.
  const kept = desk.getByRole('button', { name: /^(✓ )?Solo X$/ });
  await expect(kept).toHaveAttribute('aria-pressed', 'true');
  await expect(name).toHaveValue('');
  await desk.getByRole('button', { name: words('calendar_sieve_away'), exact: true }).click();
  await expect(kept).toHaveAttribute('aria-pressed', 'false');
  await expect(desk.locator('.slip-heading', { hasText: 'Mercado de las vistas' })).toBeVisible();
  // It is kept with the person, not with the page.
  await desk.reload();
  await desk.getByRole('button', { name: words('calendar_sieve'), exact: true }).click();
  await kept.click();
  await expect(desk).toHaveURL(/[?&]network=x/);
  await expect(desk.locator('.slip-heading', { hasText: 'Mercado de las vistas' })).toHaveCount(0);
  expect(await findings(desk)).toEqual([]);
  await desk.getByRole('button', { name: words('calendar_kept_drop').replace('{name}', 'Solo X'), exact: true }).click();
  await expect(kept).toHaveCount(0);
});
