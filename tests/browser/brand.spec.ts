// The brand kit by hand: colours with their contrast in words, a frame from the library with what stays free of it; and versions of a
// picture: a newer one takes over, a draft that holds the older one is told and takes it, and one goes back.
import type { Page } from '@playwright/test';
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** A picture of one colour. */
async function png(page: Page, colour: string): Promise<Buffer> {
  const url = await page.evaluate((colour) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [400, 200];
    const context = canvas.getContext('2d')!;
    context.fillStyle = colour;
    context.fillRect(0, 0, 400, 200);
    return canvas.toDataURL('image/png');
  }, colour);
  return Buffer.from(url.split(',')[1], 'base64');
}

async function bring(page: Page, name: string, colour: string) {
  await page.goto('/desk/library');
  await page.locator('.library-bring input[type=file]').setInputFiles({ name, mimeType: 'image/png', buffer: await png(page, colour) });
  await expect(page.locator('.library-grid li', { hasText: name })).toHaveCount(1);
}

test('colours, crests and frames are kept, with their contrast in words and what stays free drawn', async ({ as, words }) => {
  const page = await as('administrator', phone);
  await bring(page, 'marco.png', '#1d4e89');
  await page.getByRole('link', { name: words('brand_title'), exact: true }).click();
  await expect(page.getByText(words('brand_colours_none'))).toBeVisible();
  await page.getByRole('button', { name: words('brand_colour_add'), exact: true }).click();
  const line = page.locator('.brand-line').first();
  await line.getByLabel(words('brand_colour_name'), { exact: true }).fill('Granate');
  await line.getByLabel(words('brand_colour_code'), { exact: true }).fill('#7a142');
  await expect(line.getByText(words('brand_colour_wrong'))).toBeVisible();
  await line.getByLabel(words('brand_colour_code'), { exact: true }).fill('#7a1428');
  await expect(line.getByText(words('brand_colour_wrong'))).toHaveCount(0);
  await expect(line.getByLabel(words('brand_colour_pick'), { exact: true })).toHaveValue('#7a1428');
  await line.getByText(words('brand_contrast'), { exact: true }).click();
  await expect(line.locator('.brand-contrasts li')).toHaveCount(2);
  await expect(line.locator('.brand-contrasts li').first()).toContainText(words('brand_reads_text'));
  await expect(line.locator('.brand-contrasts li').last()).toContainText(words('brand_reads_hardly'));

  await page.getByRole('button', { name: words('brand_piece_add'), exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: words('library_pick_one', { name: 'marco.png' }), exact: true }).click();
  const piece = page.locator('.brand-line').nth(1);
  await expect(piece.getByLabel(words('brand_piece_name'), { exact: true })).toHaveValue('marco');
  await piece.getByLabel(words('brand_piece_use'), { exact: true }).selectOption({ label: words('brand_use_frame') });
  await piece.getByLabel(words('brand_side_top'), { exact: true }).fill('25');
  await piece.getByLabel(words('brand_side_left'), { exact: true }).fill('12.5');
  const free = piece.locator('.brand-free');
  await expect(free).toHaveAttribute('y', '50');
  await expect(free).toHaveAttribute('x', '50');
  await expect(free).toHaveAttribute('width', '350');
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);
  // A frame that leaves nothing is refused, with the reason.
  await piece.getByLabel(words('brand_side_bottom'), { exact: true }).fill('75');
  await expect(free).toHaveCount(0);
  await page.getByRole('button', { name: words('general_save'), exact: true }).click();
  await expect(page.getByText(words('refusal_frame_without_room_what'))).toBeVisible();
  await piece.getByLabel(words('brand_side_bottom'), { exact: true }).fill('10');
  await page.getByRole('button', { name: words('general_save'), exact: true }).click();
  await expect(page.locator('.toast', { hasText: words('general_saved') }).first()).toBeVisible();

  await page.reload();
  await expect(page.locator('.brand-line')).toHaveCount(2);
  await expect(page.locator('.brand-line').nth(1).getByLabel(words('brand_side_left'), { exact: true })).toHaveValue('12.5');
  await page.getByRole('button', { name: words('brand_remove', { name: 'Granate' }), exact: true }).click();
  await expect(page.locator('#brand-colours')).toBeFocused();
  await expect(page.locator('.brand-line')).toHaveCount(1);
});

test('a line of the kit is moved by keys alone, that is said, and the order is kept', async ({ as, words }) => {
  const page = await as('administrator');
  await page.goto('/desk/brand');
  const lines = page.locator('.brand-line');
  for (const [number, name] of ['Granate', 'Arena', 'Tinta'].entries()) {
    await page.getByRole('button', { name: words('brand_colour_add'), exact: true }).click();
    await lines.nth(number).getByLabel(words('brand_colour_name'), { exact: true }).fill(name);
  }
  const up = (name: string) => page.getByRole('button', { name: words('brand_up', { name }), exact: true });
  const down = (name: string) => page.getByRole('button', { name: words('brand_down', { name }), exact: true });
  await expect(up('Granate')).toBeDisabled();
  await expect(down('Tinta')).toBeDisabled();
  await up('Tinta').focus();
  await page.keyboard.press('Enter');
  await expect(lines.locator('legend')).toHaveText(['Granate', 'Tinta', 'Arena']);
  await expect(page.locator('.toasts')).toContainText(words('brand_moved', { name: 'Tinta', place: '2', count: '3' }));
  // Whoever moves it goes on moving it, and at the end has the other way under the fingers.
  await expect(up('Tinta')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(lines.locator('legend')).toHaveText(['Tinta', 'Granate', 'Arena']);
  await expect(down('Tinta')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(lines.locator('legend')).toHaveText(['Granate', 'Tinta', 'Arena']);
  await expect(down('Tinta')).toBeFocused();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: words('general_save'), exact: true }).click();
  await expect(page.locator('.toast', { hasText: words('general_saved') }).first()).toBeVisible();
  await page.reload();
  await expect(lines.locator('legend')).toHaveText(['Granate', 'Tinta', 'Arena']);
});

test('who does not manage the organisation looks at the kit and changes nothing', async ({ as, words }) => {
  const page = await as('author');
  await page.goto('/desk/brand');
  await expect(page.getByText(words('brand_read_only'))).toBeVisible();
  await expect(page.getByRole('button', { name: words('brand_colour_add'), exact: true })).toHaveCount(0);
  await expect(page.getByRole('button', { name: words('general_save'), exact: true })).toHaveCount(0);
});

test('a newer version takes over, a draft takes it, and one goes back', async ({ as, town, words, request, baseURL }) => {
  const page = await as('author', phone);
  await bring(page, 'plaza.png', '#7a1f1f');
  await page.locator('.library-grid a', { hasText: 'plaza.png' }).click();
  await page.getByLabel(words('library_name'), { exact: true }).fill('La plaza');
  await page.getByRole('button', { name: words('general_save'), exact: true }).first().click();
  await expect(page.locator('#asset-title')).toHaveText('La plaza');

  // A draft that has it as it is now.
  const author = await session(request, baseURL!, town.members.find(([role]) => role === 'author')![1]);
  const { items } = await ask(request, baseURL!, author, 'GET', '/api/library');
  const picture = { ...items[0].body.picture, alt: { es: 'La plaza, vacía.' } };
  const post = newId();
  const content = {
    kind: 'routine',
    titles: { es: 'La plaza' },
    texts: { es: 'Así ha quedado la plaza.' },
    targets: [{ channel: town.noticeboard, languages: ['es'] }],
    pictures: [picture],
  };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });

  await page.getByLabel(words('library_version_bring'), { exact: true }).setInputFiles({ name: 'plaza-2.png', mimeType: 'image/png', buffer: await png(page, '#1f7a3f') });
  const versions = page.locator('.library-versions > li');
  await expect(versions).toHaveCount(2);
  await expect(versions.first()).toContainText(words('library_version_newest'));
  await expect(versions.last().getByRole('link', { name: 'La plaza', exact: true })).toBeVisible();
  await expect(page.locator('#asset-title')).toHaveText('La plaza');
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);

  // The draft is told, and takes it with one button; what it says of the picture stays.
  await page.goto(`/desk/posts/${post}/edit`);
  const shown = page.locator('.picture').first();
  await expect(shown.getByText(words('library_newer'))).toBeVisible();
  const stored = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.url().endsWith(`/api/posts/${post}`));
  await shown.getByRole('button', { name: new RegExp(`^${words('library_newer_take')}`) }).click();
  await expect(shown.getByText(words('library_newer'))).toHaveCount(0);
  await expect(page.locator('#alt-0-es')).toHaveValue('La plaza, vacía.');
  expect((await stored).ok()).toBe(true);
  const [kept] = (await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`)).post.content.pictures;
  expect(kept.media).not.toBe(picture.media);

  // Back to the older one: by its name, and the list has it.
  await page.goto(`/desk/library?asset=${picture.media}`);
  await page.getByRole('button', { name: `${words('library_version_back')}: ${words('library_version', { number: '1' })}`, exact: true }).click();
  await expect(versions.last()).toContainText(words('library_version_newest'));
  await expect(page.locator('#asset-versions')).toBeFocused();
  const again = await ask(request, baseURL!, author, 'GET', '/api/library');
  expect(again.items.map((one: { asset: { media: string } }) => one.asset.media)).toEqual([picture.media]);
});
