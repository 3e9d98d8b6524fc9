// The workshop: a picture of the library is cut by keys, by mouse and by numbers, checked, and kept as a newer version; in a post it
// takes the place of the one that it was, with what was said of it. On a narrow screen.
import type { Locator, Page } from '@playwright/test';
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';
import type { Words } from './words';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** A picture of this size: red to the left of a third, blue behind it; with words of a poster on it, if wanted. */
async function png(page: Page, width: number, height: number, words: string[] = []): Promise<Buffer> {
  const url = await page.evaluate(({ width, height, words }) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#0000c0';
    context.fillRect(0, 0, width, height);
    context.fillStyle = '#c00000';
    context.fillRect(0, 0, width / 3, height);
    if (words.length > 0) {
      context.fillStyle = '#ffffff';
      context.fillRect(0, 0, width, height);
      context.fillStyle = '#000000';
      context.font = `bold ${height / 9}px sans-serif`;
      words.forEach((line, at) => context.fillText(line, width / 20, (height / 5) * (at + 1)));
    }
    return canvas.toDataURL('image/png');
  }, { width, height, words });
  return Buffer.from(url.split(',')[1], 'base64');
}

/** The size of a stored picture and one of its points, as its bytes say. */
async function read(page: Page, media: string, [x, y]: [number, number]) {
  return page.evaluate(async ({ media, x, y }) => {
    const bitmap = await createImageBitmap(await (await fetch(`/api/media/${media}`)).blob());
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    const context = canvas.getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const channels = [...context.getImageData(x, y, 1, 1).data.slice(0, 3)];
    const colour = ['red', 'green', 'blue'][channels.indexOf(Math.max(...channels))];
    return { size: [bitmap.width, bitmap.height], colour };
  }, { media, x, y });
}

/** Brings a picture into the library and opens its page; answers which it is. */
async function bring(page: Page, name: string, buffer: Buffer): Promise<string> {
  await page.goto('/desk/library');
  const answer = page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url().endsWith('/api/media'));
  await page.locator('.library-bring input[type=file]').setInputFiles({ name, mimeType: 'image/png', buffer });
  const { id } = await (await answer).json();
  await page.locator('.library-grid a', { hasText: name }).click();
  await expect(page.locator('#asset-title')).toBeFocused();
  return id;
}

/** Opens the workshop on the page of an asset. */
async function enter(page: Page, words: Words): Promise<Locator> {
  await page.getByRole('button', { name: words('workshop_open'), exact: true }).press('Enter');
  const dialog = page.getByRole('dialog', { name: words('workshop_title') });
  await expect(dialog.locator('.crop > img')).toBeVisible();
  return dialog;
}

const size = (words: Words, across: number, down: number) => words('workshop_result', { across: String(across), down: String(down) });

/** Writes a number into a field by keys alone. */
async function write(page: Page, field: Locator, number: number) {
  await field.focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type(String(number));
  await page.keyboard.press('Tab');
}

test('a picture of the library is cut by keys to a square and kept as a newer version', async ({ as, words }) => {
  const page = await as('author', phone);
  const before = await bring(page, 'plaza.png', await png(page, 300, 200));
  const dialog = await enter(page, words);
  await expect(dialog.locator('.workshop-size')).toHaveText(size(words, 300, 200));
  // Nothing is otherwise than it was: there is nothing to keep.
  const keep = dialog.getByRole('button', { name: words('workshop_keep'), exact: true });
  await expect(keep).toBeDisabled();
  expect(await findings(page, { within: 'dialog[open]' })).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);

  // The first ratio behind the free one, by an arrow.
  const ratio = dialog.getByLabel(words('workshop_ratio'), { exact: true });
  await ratio.focus();
  await page.keyboard.press('ArrowDown');
  await expect(ratio.locator('option:checked')).toHaveText('1:1');
  await expect(dialog.getByText(words('workshop_ratio_all'))).toBeVisible();
  await expect(dialog.locator('.workshop-size')).toHaveText(size(words, 200, 200));
  const left = dialog.getByLabel(words('workshop_left'), { exact: true });
  const across = dialog.getByLabel(words('workshop_across'), { exact: true });
  const down = dialog.getByLabel(words('workshop_down'), { exact: true });
  await expect(left).toHaveValue('50');

  // Numbers and arrows are two ways to the same part; what there is no room for is not taken.
  await write(page, left, 4_000);
  await expect(left).toHaveValue('100');
  await write(page, across, 150);
  await expect(down).toHaveValue('150');
  const part = dialog.getByRole('group', { name: words('workshop_part'), exact: true });
  await part.focus();
  await page.keyboard.press('ArrowRight');
  await expect(left).toHaveValue('102');
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(across).toHaveValue('148');
  await write(page, across, 200);
  await write(page, left, 90);
  await expect(dialog.locator('.workshop-size')).toHaveText(size(words, 200, 200));

  const answer = page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url().endsWith(`/api/library/${before}/versions`));
  await keep.focus();
  await page.keyboard.press('Enter');
  const filed = await (await answer).json();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(words('workshop_kept'), { exact: true })).toBeVisible();
  const after: string = filed.filed.asset.media;
  expect(after).not.toBe(before);
  // Its page is that of the same asset, under its name; the bytes are what was kept: ten pixels of red are left.
  await expect(page.locator('#asset-title')).toHaveText('plaza.png');
  await expect(page.locator('.library-look')).toContainText('200 × 200');
  expect(await read(page, after, [4, 100])).toEqual({ size: [200, 200], colour: 'red' });
  expect((await read(page, after, [16, 100])).colour).toBe('blue');
  // The one that it was is what it was.
  expect((await read(page, before, [4, 100])).size).toEqual([300, 200]);
});

test('who leaves with something done is asked, and who did nothing is not', async ({ as, words }) => {
  const page = await as('author');
  const before = await bring(page, 'plaza.png', await png(page, 300, 200));
  const dialog = await enter(page, words);
  const asked = page.getByRole('dialog', { name: words('workshop_leave'), exact: true });
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(asked).toBeHidden();
  await expect(page.getByRole('button', { name: words('workshop_open'), exact: true })).toBeFocused();

  await enter(page, words);
  const across = dialog.getByLabel(words('workshop_across'), { exact: true });
  const leaves: [string, () => Promise<void>][] = [
    ['Escape', () => across.press('Escape')],
    ['close', () => dialog.getByRole('button', { name: words('general_close'), exact: true }).click()],
    ['cancel', () => dialog.getByRole('button', { name: words('general_cancel'), exact: true }).click()],
  ];
  await write(page, across, 150);
  for (const [name, leave] of leaves) {
    await leave();
    await expect(asked, name).toBeVisible();
    expect(await findings(page, { within: 'dialog[open]:not(.wide)' }), name).toEqual([]);
    await asked.locator('.actions').getByRole('button', { name: words('workshop_leave_not'), exact: true }).click();
    await expect(asked, name).toBeHidden();
    await expect(across, name).toHaveValue('150');
  }
  await dialog.getByRole('button', { name: words('general_cancel'), exact: true }).click();
  await asked.getByRole('button', { name: words('workshop_leave_do'), exact: true }).click();
  await expect(asked).toBeHidden();
  await expect(dialog).toBeHidden();
  // Nothing was stored, and the next time it begins anew.
  await expect(page).toHaveURL(new RegExp(`asset=${before}`));
  await enter(page, words);
  await expect(across).toHaveValue('300');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a corner is pulled and the part is moved by mouse, and it is turned and made smaller', async ({ as, words }) => {
  const page = await as('author');
  const before = await bring(page, 'plaza.png', await png(page, 600, 400));
  const dialog = await enter(page, words);
  const stage = dialog.locator('.crop');
  const read4 = async () => {
    const names = ['workshop_left', 'workshop_top', 'workshop_across', 'workshop_down'];
    return Promise.all(names.map(async (name) => Number(await dialog.getByLabel(words(name), { exact: true }).inputValue())));
  };
  /** Drags from one place of the picture to another, in hundredths. */
  const drag = async (from: [number, number], to: [number, number]) => {
    await stage.scrollIntoViewIfNeeded();
    const box = (await stage.boundingBox())!;
    const at = ([x, y]: [number, number]): [number, number] => [box.x + (box.width * x) / 100, box.y + (box.height * y) / 100];
    await page.mouse.move(...at(from));
    await page.mouse.down();
    await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]));
    await page.mouse.move(...at(to));
    await page.mouse.up();
  };
  await drag([99, 99], [49, 49]);
  /** How far from what is wanted the one of the four is that is furthest from it. */
  const off = async (...wanted: number[]) => Math.max(...(await read4()).map((one, at) => Math.abs(one - wanted[at])));
  await expect.poll(() => off(0, 0, 300, 200)).toBeLessThanOrEqual(8);
  const [left, top, across, down] = await read4();
  expect([left, top]).toEqual([0, 0]);
  // Moved as far as there is picture: by its middle, beyond the edge.
  await drag([25, 25], [99, 30]);
  await expect.poll(() => off(600 - across, 20, across, down)).toBeLessThanOrEqual(4);
  const moved = await read4();
  expect(moved.slice(2)).toEqual([across, down]);
  expect(moved[0]).toBe(600 - across);
  // Beside it nothing is dragged.
  await drag([5, 90], [60, 90]);
  expect(await read4()).toEqual(moved);

  await dialog.getByRole('button', { name: words('workshop_turn'), exact: true }).click();
  await expect(stage.locator('> img')).toBeVisible();
  await expect.poll(read4).toEqual([400 - moved[1] - moved[3], moved[0], moved[3], moved[2]]);
  // All of it, upright by now, and half as large.
  await dialog.getByRole('button', { name: words('workshop_whole'), exact: true }).click();
  await write(page, dialog.getByLabel(words('workshop_top'), { exact: true }), 0);
  await write(page, dialog.getByLabel(words('workshop_across'), { exact: true }), 400);
  await write(page, dialog.getByLabel(words('workshop_down'), { exact: true }), 600);
  await write(page, dialog.getByLabel(words('workshop_longest'), { exact: true }), 300);
  await expect(dialog.locator('.workshop-size')).toHaveText(size(words, 200, 300));
  const answer = page.waitForResponse((answer) => answer.url().endsWith(`/api/library/${before}/versions`));
  await dialog.getByRole('button', { name: words('workshop_keep'), exact: true }).click();
  const after: string = (await (await answer).json()).filed.asset.media;
  // What was to the left is above.
  expect(await read(page, after, [100, 40])).toEqual({ size: [200, 300], colour: 'red' });
  expect((await read(page, after, [100, 250])).colour).toBe('blue');
});

test('it is checked: the contrast of two colours, what an app covers, and words in the picture', async ({ as, words }) => {
  const page = await as('author', phone);
  await bring(page, 'cartel.png', await png(page, 720, 720, ['Corte de agua', 'martes, de 9 a 14 h', 'calle Mayor']));
  const dialog = await enter(page, words);
  // It only guesses, so it asks; and what somebody says counts.
  await expect(dialog.getByText(words('workshop_letters_seem'))).toBeVisible();
  const letters = dialog.getByLabel(words('workshop_letters'), { exact: true });
  await letters.selectOption({ label: words('general_no') });
  await expect(dialog.getByText(words('workshop_letters_seem'))).toHaveCount(0);
  await letters.selectOption({ label: words('general_yes') });
  await expect(dialog.getByText(words('workshop_letters_are'))).toBeVisible();

  // What an app covers is marked where the picture fills its screen, with who says so.
  const screen = dialog.getByLabel(words('workshop_screen'), { exact: true });
  await screen.selectOption({ index: 1 });
  await expect(dialog.getByText(words('workshop_screen_shape'))).toBeVisible();
  await expect(dialog.locator('.crop-safe')).toHaveCount(0);
  await dialog.getByLabel(words('workshop_ratio'), { exact: true }).selectOption({ label: '9:16' });
  await expect(dialog.locator('.crop-safe')).toBeVisible();
  await expect(dialog.locator('.workshop-source')).toContainText('facebook.com/business/ads-guide');
  const [safe, part] = [(await dialog.locator('.crop-safe').boundingBox())!, (await dialog.locator('.crop-part').boundingBox())!];
  expect(safe.height / part.height).toBeCloseTo(0.66, 1);

  await dialog.getByText(words('workshop_contrast'), { exact: true }).click();
  const said = dialog.locator('.workshop-pair [role=status]');
  await expect(said).toHaveText(words('workshop_contrast_well', { whole: '21', tenths: '0' }));
  await dialog.getByLabel(words('workshop_contrast_letters'), { exact: true }).selectOption({ label: words('workshop_white') });
  await expect(said).toHaveText(words('workshop_contrast_no', { whole: '1', tenths: '0' }));
  expect(await findings(page, { within: 'dialog[open]' })).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);

  // Kept, it says what is to be written now.
  await dialog.getByRole('button', { name: words('workshop_keep'), exact: true }).click();
  await expect(page.getByText(words('workshop_kept_letters'), { exact: true })).toBeVisible();
});

test('a frame of the brand gives the picture its shape, and what it leaves free is marked', async ({ as, words, town, request, baseURL }) => {
  const administrator = await session(request, baseURL!, town.members.find(([name]) => name === 'administrator')![1]);
  const page = await as('author', phone);
  // Green, and clear but for a tenth of each side.
  await page.goto('/desk/library');
  const border = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [400, 400];
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#00c000';
    context.fillRect(0, 0, 400, 400);
    context.clearRect(40, 40, 320, 320);
    return canvas.toDataURL('image/png');
  });
  const frame = await bring(page, 'marco.png', Buffer.from(border.split(',')[1], 'base64'));
  const free = { top: 100, right: 100, bottom: 100, left: 100 };
  const kit = { colours: [], pieces: [{ media: frame, name: 'Marco de fiestas', used_as: { use: 'frame', free } }] };
  await ask(request, baseURL!, administrator, 'PUT', '/api/brand', { version: 0, kit });

  const before = await bring(page, 'plaza.png', await png(page, 300, 200));
  const dialog = await enter(page, words);
  await dialog.getByLabel(words('workshop_piece'), { exact: true }).selectOption({ label: 'Marco de fiestas' });
  await expect(dialog.locator('.workshop-size')).toHaveText(size(words, 200, 200));
  await expect(dialog.getByText(words('workshop_ratio_frame'))).toBeVisible();
  await expect(dialog.getByLabel(words('workshop_ratio'), { exact: true })).toBeDisabled();
  await expect(dialog.locator('.crop-piece img')).toBeVisible();
  const [kept, part] = [(await dialog.locator('.crop-free').boundingBox())!, (await dialog.locator('.crop-part').boundingBox())!];
  expect(kept.width / part.width).toBeCloseTo(0.8, 1);
  expect(await findings(page, { within: 'dialog[open]' })).toEqual([]);
  const answer = page.waitForResponse((answer) => answer.url().endsWith(`/api/library/${before}/versions`));
  await dialog.getByRole('button', { name: words('workshop_keep'), exact: true }).click();
  const after: string = (await (await answer).json()).filed.asset.media;
  expect(await read(page, after, [5, 100])).toEqual({ size: [200, 200], colour: 'green' });
  expect((await read(page, after, [30, 100])).colour).toBe('red');
  expect((await read(page, after, [150, 100])).colour).toBe('blue');
});

test('in a post it takes the place of the picture, with what was said of it and what must be seen', async ({ as, words, town, request, baseURL }) => {
  const author = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  const page = await as('author', phone);
  await page.goto('/desk/library');
  const answer = page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url().endsWith('/api/media'));
  await page.locator('.library-bring input[type=file]').setInputFiles({ name: 'plaza.png', mimeType: 'image/png', buffer: await png(page, 300, 200) });
  const { id: media, hash, mime, bytes, width, height } = await (await answer).json();
  const post = newId();
  const alt = { es: 'La plaza, terminada, con los bancos nuevos.' };
  const picture = { media, hash, mime, bytes, width, height, file_name: 'plaza.png', alt, focus: '500,250' };
  const content = { kind: 'routine', texts: { es: 'La plaza, terminada.' }, targets: [{ channel: town.noticeboard, languages: ['es'] }], pictures: [picture] };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });
  await page.goto(`/desk/posts/${post}/edit`);
  await page.getByRole('button', { name: words('workshop_open_of', { number: '1' }), exact: true }).click();
  const dialog = page.getByRole('dialog', { name: words('workshop_title') });
  await expect(dialog.locator('.crop > img')).toBeVisible();
  await write(page, dialog.getByLabel(words('workshop_down'), { exact: true }), 100);
  await expect(dialog.locator('.workshop-size')).toHaveText(size(words, 300, 100));
  expect(await findings(page, { within: 'dialog[open]' })).toEqual([]);
  await dialog.getByRole('button', { name: words('workshop_keep'), exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.locator('.picture').first()).toContainText('300 × 100');
  await expect(page.locator('#alt-0-es')).toHaveValue(alt.es);
  // Where it must be seen is a quarter of the old height, which is the middle of the new one: that has no spelling.
  await expect.poll(async () => {
    const [kept] = (await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`)).post.content.pictures;
    return [kept.media !== media, kept.width, kept.height, kept.alt, kept.focus ?? null];
  }).toEqual([true, 300, 100, alt, null]);
  // The library shows it under the same name, once.
  const listed = await ask(request, baseURL!, author, 'GET', '/api/library');
  expect(listed.items.map((one: { body: { picture: { width: number; height: number } } }) => [one.body.picture.width, one.body.picture.height])).toEqual([[300, 100]]);
});
