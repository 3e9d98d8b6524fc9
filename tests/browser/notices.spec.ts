// Notices: a bell, a list, how one wants to be told, and a push that the real service worker receives and that leads to
// the thing that waits.
import type { APIRequestContext, Page } from '@playwright/test';
import { deliver, PushService, subscribesAt } from './push';
import { findings, over } from './axe';
import { ask, expect, newId, session, test, type Town } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** Submits a post past the desk; answers its identity. */
async function submitted(request: APIRequestContext, baseURL: string, town: Town): Promise<string> {
  const author = await session(request, baseURL, town.members.find(([role]) => role === 'author')![1]);
  const id = newId();
  const content = { kind: 'routine', titles: { es: 'Corte de agua' }, texts: { es: 'Mañana no hay agua.' }, targets: [{ channel: town.noticeboard, languages: ['es'] }] };
  await ask(request, baseURL, author, 'PUT', `/api/posts/${id}`, { version: 0, content });
  await ask(request, baseURL, author, 'POST', `/api/posts/${id}/submissions`, { version: 1 });
  return id;
}

async function examine(page: Page) {
  expect.soft(await findings(page)).toEqual([]);
  expect.soft(await over(page), 'it is wider than its screen').toBeLessThanOrEqual(0);
}

test('the bell counts, the list leads to the thing, and what was opened is read', async ({ as, town, words, request, baseURL }) => {
  const mayor = await as('approver', phone);
  await mayor.goto('/desk/notices');
  await expect(mayor.getByText(words('notices_empty_title'))).toBeVisible();
  await examine(mayor);
  await expect(mayor.getByRole('link', { name: words('notices_none') })).toBeVisible();
  const first = await submitted(request, baseURL!, town);
  await submitted(request, baseURL!, town);
  await mayor.reload();
  const bell = mayor.getByRole('link', { name: words('notices_unread_other').replace('{n}', '2') });
  await expect(bell).toBeVisible();
  expect((await bell.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  const rows = mayor.locator('.notice-list > li');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toHaveAttribute('data-unread', 'true');
  await examine(mayor);
  await rows.nth(1).getByRole('link').click();
  await expect(mayor).toHaveURL(new RegExp(`/decide/\\?post=${first}$`));
  await expect(mayor.locator('.decision')).toContainText('Mañana no hay agua.');
  await mayor.goto('/desk/notices');
  await expect(rows.nth(1)).not.toHaveAttribute('data-unread', 'true');
  await mayor.getByRole('button', { name: words('notices_mark_all'), exact: true }).click();
  await expect(rows.first()).not.toHaveAttribute('data-unread', 'true');
  await expect(mayor.getByRole('link', { name: words('notices_none') })).toBeVisible();
  await mayor.reload();
  await expect(mayor.getByRole('link', { name: words('notices_none') })).toBeVisible();
});

test('how one is told is chosen, kept, and cannot be silence', async ({ as, words }) => {
  const page = await as('approver', phone);
  await page.goto('/desk/notices?view=choices');
  const decisions = page.getByLabel(words('notices_group_decisions'), { exact: true });
  await expect(decisions).toBeVisible();
  await expect(decisions.locator('option')).toHaveCount(3);
  await decisions.selectOption({ label: words('notices_way_both') });
  await page.getByLabel(words('notices_group_tasks'), { exact: true }).selectOption({ label: words('notices_way_digest') });
  await page.getByLabel(words('notices_quiet_on')).check();
  await page.getByLabel(words('notices_quiet_from'), { exact: true }).fill('22:30');
  await page.getByLabel(words('notices_quiet_until'), { exact: true }).fill('22:30');
  const save = page.getByRole('button', { name: words('general_save'), exact: true });
  await save.click();
  await expect(page.getByText(words('refusal_malformed_next'))).toBeVisible();
  await page.getByLabel(words('notices_quiet_until'), { exact: true }).fill('07:15');
  await save.click();
  await expect(page.getByText(words('general_saved'))).toBeVisible();
  await page.reload();
  await expect(page.getByLabel(words('notices_quiet_until'), { exact: true })).toHaveValue('07:15');
  await expect(decisions.locator('option:checked')).toHaveText(words('notices_way_both'));
  await expect(page.getByLabel(words('notices_group_tasks'), { exact: true }).locator('option:checked')).toHaveText(words('notices_way_digest'));
  await examine(page);
});

test('a push reaches the real service worker, shows that something waits, and a tap opens it', async ({ as, town, words, request, baseURL }) => {
  const service = await PushService.start();
  const mayor = await as('approver', { ...phone, serviceWorkers: 'allow' });
  await mayor.context().grantPermissions(['notifications']);
  await subscribesAt(mayor, service);
  await mayor.goto('/desk/notices?view=choices');
  await mayor.getByLabel(words('notices_group_decisions'), { exact: true }).selectOption({ label: words('notices_way_push') });
  await mayor.getByRole('button', { name: words('general_save'), exact: true }).click();
  await expect(mayor.getByText(words('general_saved'))).toBeVisible();
  await mayor.getByRole('button', { name: words('notices_enable'), exact: true }).click();
  await expect(mayor.getByText(words('notices_enabled'))).toBeVisible();
  await expect(mayor.locator('.notice-devices .chip')).toHaveText(words('notices_this'));
  await examine(mayor);

  await mayor.getByRole('button', { name: words('notices_test'), exact: true }).click();
  const test = await service.next();
  expect(JSON.parse(test.text).title).toBe(words('notices_push_test_title'));
  await expect(mayor.locator('.notice-devices .notice')).toBeVisible();

  const post = await submitted(request, baseURL!, town);
  const pushed = await service.next();
  expect(pushed.claims.aud).toBe(service.origin);
  expect(pushed.headers.urgency).toBe('high');
  expect(pushed.text).not.toContain('Corte de agua');

  const shown = () =>
    mayor.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const all = await registration.getNotifications();
      return all.map(({ title, body, data, tag, lang }) => ({ title, body, url: data.url, tag, lang }));
    });
  await deliver(mayor, pushed.text);
  await expect.poll(shown).toEqual([
    { title: words('notices_push_title'), body: words('notices_push_body'), url: `/decide/?post=${post}`, tag: post, lang: (await mayor.getAttribute('html', 'lang'))! },
  ]);

  // A tap, as the system would report it. Only opening a window needs a real finger: the approver's page has none yet, and
  // the desk's window stays where it is.
  const [worker] = mayor.context().serviceWorkers();
  await worker.evaluate(async () => {
    const scope = self as unknown as ServiceWorkerGlobalScope;
    Clients.prototype.openWindow = async function (address) {
      (self as unknown as { opened: string }).opened = String(address);
      return null;
    };
    const [notification] = await scope.registration.getNotifications();
    scope.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
  });
  const opened = () => worker.evaluate(() => (self as unknown as { opened?: string }).opened ?? '');
  await expect.poll(opened).toContain(`/decide/?post=${post}`);
  await expect.poll(shown).toEqual([]);
  await mayor.goto(await opened());
  await expect(mayor.locator('.decision')).toContainText('Mañana no hay agua.');

  await mayor.goto('/desk/notices?view=choices');
  await mayor.locator('.notice-devices li').getByRole('button').click();
  await expect(mayor.getByText(words('notices_devices_none_title'))).toBeVisible();
  service.stop();
});

test('a browser that refuses is told apart from one that cannot', async ({ as, words }) => {
  const denied = await as('author');
  await denied.addInitScript(() => {
    Notification.requestPermission = async () => 'denied';
  });
  await denied.goto('/desk/notices?view=choices');
  await denied.getByRole('button', { name: words('notices_enable'), exact: true }).click();
  await expect(denied.getByText(words('notices_denied_text'))).toBeVisible();
  const old = await as('author');
  await old.addInitScript(() => {
    delete (window as { PushManager?: unknown }).PushManager;
  });
  await old.goto('/desk/notices?view=choices');
  await expect(old.getByText(words('notices_cannot_text'))).toBeVisible();
  const iphone = await as('author', { userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1' });
  await iphone.addInitScript(() => {
    delete (window as { PushManager?: unknown }).PushManager;
  });
  await iphone.goto('/desk/notices?view=choices');
  await expect(iphone.getByText(words('notices_cannot_ios'))).toBeVisible();
});
