// The library by hand: several files at once, one of them none; one is described and found; from there it goes into a post; who
// is seen consents, takes it back, and what is placed is held.
import type { Page } from '@playwright/test';
import { findings, over } from './axe';
import { ask, expect, newId, session, test, wallNow } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** A picture of one colour. */
async function png(page: Page, colour: string): Promise<Buffer> {
  const url = await page.evaluate((colour) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [320, 200];
    const context = canvas.getContext('2d')!;
    context.fillStyle = colour;
    context.fillRect(0, 0, 320, 200);
    return canvas.toDataURL('image/png');
  }, colour);
  return Buffer.from(url.split(',')[1], 'base64');
}

/** As an iPhone writes it: its head is enough. */
const HEIC = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');

test('what did not arrive is tried again line by line, and a photo of an iPhone says what to do', async ({ as, words }) => {
  const page = await as('author', phone);
  await page.goto('/desk/library');
  await expect(page.getByText(words('library_none_title'))).toBeVisible();
  let stored = 0;
  await page.route('**/api/media', (route) => (route.request().method() === 'POST' && ++stored === 2 ? route.abort() : route.continue()));
  await page.locator('.library-bring input[type=file]').setInputFiles([
    { name: 'coro.png', mimeType: 'image/png', buffer: await png(page, '#1d4e89') },
    { name: 'plaza.png', mimeType: 'image/png', buffer: await png(page, '#7a1f1f') },
    { name: 'IMG_0412.HEIC', mimeType: 'image/heic', buffer: HEIC },
  ]);
  const said = page.locator('#library-coming');
  await expect(said).toContainText(words('library_bring_failed_of_other', { n: '2' }));
  await expect(said).toContainText(words('library_bring_done_of', { all: '3', done: '1' }));
  const lost = page.locator('.library-coming li.notice', { hasText: 'plaza.png' });
  const phoned = page.locator('.library-coming li.notice', { hasText: 'IMG_0412.HEIC' });
  await expect(phoned).toContainText(words('compose_picture_heic'));
  // As it is it will not do the next time either.
  await expect(phoned.getByRole('button')).toHaveCount(0);
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);

  await lost.getByRole('button', { name: `${words('general_retry')}: plaza.png`, exact: true }).click();
  await expect(said).toBeFocused();
  await expect(said).toContainText(words('library_bring_done_of', { all: '3', done: '2' }));
  await expect(page.locator('.library-grid li')).toHaveCount(2);
});

test('what is brought is described, found, used, and held when who is seen takes it back', async ({ as, town, words, request, baseURL }) => {
  const page = await as('author', phone);
  await page.goto('/desk/library');
  await expect(page.getByText(words('library_none_title'))).toBeVisible();
  expect(await findings(page)).toEqual([]);

  // Three at once; the one that is none is said, and stops no other.
  await page.locator('.library-bring input[type=file]').setInputFiles([
    { name: 'coro.png', mimeType: 'image/png', buffer: await png(page, '#1d4e89') },
    { name: 'nada.png', mimeType: 'image/png', buffer: Buffer.from('nada') },
    { name: 'plaza.png', mimeType: 'image/png', buffer: await png(page, '#7a1f1f') },
  ]);
  await expect(page.locator('.library-coming').getByText(words('library_bring_done'), { exact: true })).toHaveCount(2);
  await expect(page.locator('.library-coming li.notice')).toContainText('nada.png');
  await expect(page.locator('.library-grid li')).toHaveCount(2);
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);

  // Described, with the people in it; the address is one's to send to a colleague.
  await page.locator('.library-grid a', { hasText: 'coro.png' }).click();
  await expect(page.locator('#asset-title')).toBeFocused();
  await expect(page).toHaveURL(/\/desk\/library\?.*asset=/);
  await page.getByLabel(words('library_name'), { exact: true }).fill('El coro en la plaza');
  await page.getByLabel(words('library_alt', { language: words('language_es') })).fill('El coro canta en la plaza, con las partituras en la mano.');
  await page.getByLabel(words('library_tags'), { exact: true }).fill('coro, música');
  await page.getByLabel(words('library_shows'), { exact: true }).selectOption({ label: words('library_shows_persons') });
  await page.getByRole('button', { name: words('general_save'), exact: true }).first().click();
  await expect(page.locator('#asset-title')).toHaveText('El coro en la plaza');
  await expect(page.getByText(words('finding_rights_nobody'))).toBeVisible();
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);

  // A consent, without more than is needed.
  await page.getByText(words('library_consent_new'), { exact: true }).click();
  const form = page.locator('details', { has: page.getByRole('button', { name: words('library_consent_add'), exact: true }) });
  await form.getByLabel(words('library_who'), { exact: true }).fill('Coro, 18 personas');
  await form.getByLabel(words('library_proof'), { exact: true }).fill('REG-2026-0014');
  await form.getByRole('button', { name: words('library_consent_add'), exact: true }).click();
  await expect(page.locator('.lines strong', { hasText: 'Coro, 18 personas' })).toBeVisible();
  await expect(page.getByText(words('finding_rights_nobody'))).toHaveCount(0);

  // Of another one nobody had said anything. A consent says that people are seen: the form that was open before follows, and what
  // is saved with it takes nothing back.
  await page.goto('/desk/library');
  await page.locator('.library-grid a', { hasText: 'plaza.png' }).click();
  await page.getByText(words('library_consent_new'), { exact: true }).click();
  await form.getByLabel(words('library_who'), { exact: true }).fill('Vecina, mayor de edad');
  await form.getByLabel(words('library_proof'), { exact: true }).fill('REG-2026-0015');
  await form.getByRole('button', { name: words('library_consent_add'), exact: true }).click();
  await expect(page.locator('.lines strong', { hasText: 'Vecina' })).toBeVisible();
  const shows = page.getByLabel(words('library_shows'), { exact: true });
  await expect(shows.locator('option:checked')).toHaveText(words('library_shows_persons'));
  await page.getByLabel(words('library_tags'), { exact: true }).fill('plaza');
  const described = page.waitForResponse((answer) => answer.request().method() === 'PUT' && /\/api\/library\/[^/]+$/.test(answer.url()));
  await page.getByRole('button', { name: words('general_save'), exact: true }).first().click();
  expect((await (await described).json()).filed.asset.said.shows).toBe('persons');
  await page.getByRole('link', { name: words('library_back'), exact: true }).click();
  await page.getByLabel(words('library_words'), { exact: true }).fill('musica');
  await expect(page.locator('.library-grid li')).toHaveCount(1);
  await expect(page.locator('.library-grid')).toContainText('El coro en la plaza');
  await expect(page).toHaveURL(/words=musica/);

  // From the library into a post, with what it shows already written.
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const author = await session(request, baseURL!, of('author'));
  const post = newId();
  const content = {
    kind: 'routine',
    titles: { es: 'Canta el coro' },
    texts: { es: 'El sábado canta el coro en la plaza.' },
    targets: [{ channel: town.noticeboard, languages: ['es'] }],
  };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });
  await page.goto(`/desk/posts/${post}/edit`);
  await page.getByRole('button', { name: words('library_pick'), exact: true }).click();
  const dialog = page.getByRole('dialog', { name: words('library_pick_title') });
  await dialog.getByLabel(words('library_words'), { exact: true }).fill('coro');
  await expect(dialog.locator('.library-grid li')).toHaveCount(1);
  expect(await findings(page, { within: 'dialog[open]' })).toEqual([]);
  const stored = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.url().endsWith(`/api/posts/${post}`));
  await dialog.getByRole('button', { name: words('library_pick_one', { name: 'El coro en la plaza' }), exact: true }).click();
  await expect(page.locator('#alt-0-es')).toHaveValue('El coro canta en la plaza, con las partituras en la mano.');
  expect((await stored).ok()).toBe(true);

  // Agreed to and placed past the desk.
  const mayor = await session(request, baseURL!, of('approver'));
  const draft = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
  const waiting = await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/submissions`, { version: draft.post.version });
  const choice = { decision: 'approve' };
  const agreed = await ask(request, baseURL!, mayor, 'POST', `/api/posts/${post}/decisions`, { content_hash: waiting.content_hash, choice });
  const tomorrow = new Date(Date.parse(`${wallNow()}:00Z`) + 86_400_000).toISOString().slice(0, 16);
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}/slot`, { version: agreed.post.version, civil: `${tomorrow}:00` });

  // Taken back, it is asked about first; then what is placed is held, and listed with the way there.
  await page.goto('/desk/library');
  await page.locator('.library-grid a', { hasText: 'El coro en la plaza' }).click();
  await page.getByRole('button', { name: `${words('library_withdraw')}: Coro, 18 personas`, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: words('library_withdraw_do'), exact: true }).click();
  await expect(page.locator('#uses')).toBeFocused();
  await expect(page.getByText(words('finding_rights_withdrawn')).first()).toBeVisible();
  await expect(page.getByText(words('library_use_held'))).toBeVisible();
  await expect(page.locator('.card', { has: page.locator('#uses') }).getByRole('link', { name: 'Canta el coro' })).toHaveAttribute('href', `/desk/posts/${post}`);
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);
  const held = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
  expect(held.publications[0].state).toBe('held');

  // Whoever does not keep the consents does not read them.
  const translator = await as('translator');
  await translator.goto(page.url());
  await expect(translator.getByText(words('library_consents_hidden'))).toBeVisible();
  await expect(translator.getByText('Coro, 18 personas')).toHaveCount(0);
  expect(await findings(translator)).toEqual([]);
});

test('what is out with the picture of somebody who took their word back is taken down from there', async ({ as, town, words, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const [author, mayor] = [await session(request, baseURL!, of('author')), await session(request, baseURL!, of('approver'))];
  const page = await as('author', phone);
  await page.goto('/desk/library');
  const answer = page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url().endsWith('/api/media'));
  await page.locator('.library-bring input[type=file]').setInputFiles({ name: 'coro.png', mimeType: 'image/png', buffer: await png(page, '#1d4e89') });
  const { id: media, hash, mime, bytes, width, height } = await (await answer).json();
  const year = Number(wallNow().slice(0, 4));
  const form = { version: 0, who: 'Coro', age: 'adult', giver: 'themselves', scope: 'any', campaign: null, first: `${year - 1}-01-01`, last: `${year + 1}-12-31`, proof: 'REG-1' };
  await ask(request, baseURL!, author, 'PUT', `/api/library/${media}/consents/${newId()}`, form);
  const post = newId();
  const content = {
    kind: 'routine',
    titles: { es: 'Canta el coro' },
    texts: { es: 'El sábado canta el coro en la plaza.' },
    targets: [{ channel: town.noticeboard, languages: ['es'] }],
    pictures: [{ media, hash, mime, bytes, width, height, file_name: 'coro.png', alt: { es: 'El coro canta en la plaza, con las partituras en la mano.' } }],
  };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });
  const waiting = await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/submissions`, { version: 1 });
  const agreed = await ask(request, baseURL!, mayor, 'POST', `/api/posts/${post}/decisions`, { content_hash: waiting.content_hash, choice: { decision: 'approve' } });
  await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/release`, { version: agreed.post.version });
  const state = async () => (await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`)).publications[0]?.state;
  await expect.poll(state).toBe('out');

  await page.goto('/desk/library');
  await page.locator('.library-grid a', { hasText: 'coro.png' }).click();
  await page.getByRole('button', { name: `${words('library_withdraw')}: Coro`, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: words('library_withdraw_do'), exact: true }).click();
  await expect(page.getByText(words('library_use_out'))).toBeVisible();
  const remove = page.getByRole('button', { name: `${words('post_take_down')}: Canta el coro`, exact: true });
  await expect(remove).toBeVisible();
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);
  await remove.click();
  const dialog = page.getByRole('dialog', { name: words('post_take_down') });
  await expect(dialog.getByText(words('post_take_down_text'))).toBeVisible();
  expect(await findings(page, { within: 'dialog[open]' })).toEqual([]);
  await dialog.getByLabel(words('general_reason')).fill('Ha retirado su consentimiento.');
  await dialog.getByRole('button', { name: words('post_take_down'), exact: true }).click();
  await expect(remove).toHaveCount(0);
  await expect(page.locator('#uses')).toBeFocused();
  await expect.poll(state).toBe('taken_down');
});

/** A picture with a shape: bars of different shades, which `light` brightens. Large enough that its small version is another file. */
async function bars(page: Page, light: number): Promise<Buffer> {
  const url = await page.evaluate((light) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [900, 640];
    const context = canvas.getContext('2d')!;
    for (let place = 0; place < 72; place += 1) {
      const shade = ((place * 37) % 9) * 18 + light;
      context.fillStyle = `rgb(${shade}, ${shade}, ${shade})`;
      context.fillRect((place % 9) * 100, Math.floor(place / 9) * 80, 100, 80);
    }
    return canvas.toDataURL('image/png');
  }, light);
  return Buffer.from(url.split(',')[1], 'base64');
}

test('the shelf loads small pictures, what looks alike is asked about, and what nothing uses is deleted', async ({ as, words }) => {
  const page = await as('author', phone);
  await page.goto('/desk/library');
  await expect(page.getByText(words('library_none_title'))).toBeVisible();
  const choose = async (name: string, light: number) =>
    page.locator('.library-bring input[type=file]').setInputFiles({ name, mimeType: 'image/png', buffer: await bars(page, light) });
  const tiles = page.locator('.library-grid li');
  const originals: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'GET' && /\/api\/media\/[^/]+$/.test(request.url())) originals.push(request.url());
  });
  await choose('feria.png', 20);
  await expect(tiles).toHaveCount(1);
  const shown = tiles.first().locator('img');
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(320);
  expect(originals).toEqual([]);

  // The same picture, brighter: nothing is uploaded before it is said whether it is the same.
  await choose('feria-clara.png', 70);
  const doubtful = page.locator('.library-coming li', { hasText: 'feria-clara.png' });
  await expect(doubtful).toContainText(words('library_alike_asks'));
  await expect(doubtful).toContainText(words('library_uses_none'));
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);
  await doubtful.getByRole('button', { name: words('library_pick_one', { name: 'feria.png' }), exact: true }).click();
  await expect(doubtful).toContainText(words('library_alike_there'));
  await expect(page.locator('#library-coming')).toBeFocused();
  await expect(tiles).toHaveCount(1);

  // Another one is kept all the same, and each is shown on the page of the other.
  await choose('otra.png', 60);
  const again = page.locator('.library-coming li', { hasText: 'otra.png' });
  await again.getByRole('button', { name: words('library_alike_keep', { name: 'otra.png' }), exact: true }).click();
  await expect(tiles).toHaveCount(2);
  await page.locator('.library-grid a', { hasText: 'otra.png' }).click();
  await expect(page.locator('#asset-title')).toHaveText('otra.png');
  await expect(page.locator('.card', { has: page.getByRole('heading', { name: words('library_alike'), exact: true }) })).toContainText('feria.png');

  // Deleted, it is asked about first; the list is there again, without it.
  await page.getByRole('button', { name: words('library_delete'), exact: true }).click();
  const dialog = page.getByRole('dialog', { name: words('library_delete') });
  await expect(dialog).toContainText(words('library_delete_text', { name: 'otra.png' }));
  expect(await findings(page, { within: 'dialog[open]' })).toEqual([]);
  await dialog.getByRole('button', { name: words('library_delete_do'), exact: true }).click();
  await expect(page.locator('#library-title')).toBeFocused();
  await expect(tiles).toHaveCount(1);
  await expect(tiles.first()).toContainText('feria.png');
  await page.getByText(words('library_register'), { exact: true }).click();
  await expect(page.getByText(words('library_register_none'))).toBeVisible();
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);
});
