// A picture that a network does not take: it is said with the network's rule, a version that fits is made in the browser, and
// without a network that it could not be made is said too. By keys alone, on a narrow screen.
import type { Page } from '@playwright/test';
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** A picture of this size, clear but for a bar: what is clear must not turn black in a JPEG. */
async function png(page: Page, width: number, height: number): Promise<Buffer> {
  const url = await page.evaluate(([width, height]) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#1d4e89';
    context.fillRect(0, height / 2 - 10, width, 20);
    return canvas.toDataURL('image/png');
  }, [width, height]);
  return Buffer.from(url.split(',')[1], 'base64');
}

test('a picture of the wrong shape is told, and a version that fits is made of it', async ({ as, words, town, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const administrator = await session(request, baseURL!, of('administrator'));
  const author = await session(request, baseURL!, of('author'));
  const connect = { network: 'assisted', on: 'instagram', channel: null, name: 'Instagram', handle: '@villa', address: null };
  const { channel } = await ask(request, baseURL!, administrator, 'POST', '/api/channels', connect);
  const post = newId();
  const content = { kind: 'routine', texts: { es: 'La plaza, terminada.' }, targets: [{ channel: channel.id, languages: ['es'] }] };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });

  const page = await as('author', phone);
  await page.goto(`/desk/posts/${post}/edit`);
  await expect(page.locator('#text-es')).toBeVisible();
  await page.locator('input[type=file]').first().setInputFiles({ name: 'plaza.png', mimeType: 'image/png', buffer: await png(page, 300, 900) });
  const picture = page.locator('.picture').first();
  const make = picture.getByRole('button', { name: words('compose_picture_fit'), exact: true });
  await expect(make).toBeVisible();
  await expect(picture).toContainText('300 × 900');
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);

  await page.context().setOffline(true);
  await make.focus();
  await page.keyboard.press('Enter');
  await expect(picture.getByText(words('compose_picture_fit_failed'))).toBeVisible();
  await page.context().setOffline(false);
  await make.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText(words('compose_picture_fitted'))).toBeVisible();
  await expect(make).toHaveCount(0);
  // What is shown is what goes out, and it is stored.
  const shown = page.locator('.preview-instagram img').first();
  await expect(shown).toHaveAttribute('width', '300');
  await expect(shown).toHaveAttribute('height', '375');
  await expect.poll(async () => {
    const [kept] = (await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`)).post.content.pictures;
    return [kept?.mime, kept?.width, kept?.height];
  }).toEqual(['image/jpeg', 300, 375]);
  const corner = await shown.evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    return [...context.getImageData(1, 1, 1, 1).data.slice(0, 3)];
  });
  expect(Math.min(...corner)).toBeGreaterThan(240);
});

test('a picture that did not arrive is not lost: it is tried again as it was prepared', async ({ as, words, town, request, baseURL }) => {
  const author = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  const post = newId();
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content: { kind: 'routine', texts: { es: 'La plaza.' }, targets: [] } });
  const page = await as('author', phone);
  await page.goto(`/desk/posts/${post}/edit`);
  await expect(page.locator('#text-es')).toBeVisible();
  let stored = 0;
  await page.route('**/api/media', (route) => (route.request().method() === 'POST' && ++stored === 1 ? route.abort() : route.continue()));
  await page.locator('input[type=file]').first().setInputFiles({ name: 'plaza.png', mimeType: 'image/png', buffer: await png(page, 900, 600) });
  const lost = page.locator('.pictures-coming li');
  const again = lost.getByRole('button', { name: `${words('general_retry')}: plaza.png`, exact: true });
  await expect(again).toBeVisible();
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);
  await again.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.picture')).toHaveCount(1);
  await expect(lost).toHaveCount(0);
  await expect(page.locator('#compose-pictures')).toBeFocused();
  expect(stored).toBe(2);
  // Nobody has said who is seen in it: that is asked at the picture.
  const asked = page.locator('.picture .finding', { hasText: words('finding_rights_unsaid') });
  await expect(asked).toBeVisible();
  await expect(asked).toContainText(words('finding_rights_unsaid_next'));
  expect(await findings(page)).toEqual([]);
});
