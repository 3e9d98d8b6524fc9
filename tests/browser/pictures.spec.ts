// A picture that a network does not take: it is said with the network's rule, a version that fits is made in the browser, and
// without a network that it could not be made is said too. By keys alone, on a narrow screen.
import type { Page } from '@playwright/test';
import { deflateSync } from 'node:zlib';
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

/** An animated PNG of two frames: the first is red, the second blue. */
function moving(width: number, height: number): Buffer {
  const sum = (bytes: Buffer) => {
    let crc = 0xffffffff;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return (crc ^ 0xffffffff) >>> 0;
  };
  const numbers = (...all: number[]) => Buffer.concat(all.map((one) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(one);
    return bytes;
  }));
  const chunk = (name: string, body: Buffer) => {
    const named = Buffer.concat([Buffer.from(name, 'latin1'), body]);
    return Buffer.concat([numbers(body.length), named, numbers(sum(named))]);
  };
  // Each line begins with the filter that it has: none.
  const drawn = (colour: number[]) => {
    const line = Buffer.from([0, ...Array.from({ length: width }, () => colour).flat()]);
    return deflateSync(Buffer.concat(Array.from({ length: height }, () => line)));
  };
  // A tenth of a second each.
  const frame = (place: number) => chunk('fcTL', Buffer.concat([numbers(place, width, height, 0, 0), Buffer.from([0, 1, 0, 10, 0, 0])]));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.concat([numbers(width, height), Buffer.from([8, 2, 0, 0, 0])])),
    chunk('acTL', numbers(2, 0)),
    frame(0),
    chunk('IDAT', drawn([200, 30, 30])),
    frame(1),
    chunk('fdAT', Buffer.concat([numbers(2), drawn([30, 30, 200])])),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

test('a picture that moves is said to stay still, and a GIF is not taken without a word', async ({ as, words, town, request, baseURL }) => {
  const author = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  const post = newId();
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content: { kind: 'routine', texts: { es: 'Los globos.' }, targets: [] } });
  const page = await as('author', phone);
  await page.goto(`/desk/posts/${post}/edit`);
  await expect(page.locator('#text-es')).toBeVisible();
  const stilled = (name: string) => page.locator('.toast', { hasText: words('compose_picture_stilled', { name }) });
  await page.locator('input[type=file]').first().setInputFiles([
    { name: 'globos.png', mimeType: 'image/png', buffer: moving(320, 240) },
    { name: 'baile.gif', mimeType: 'image/gif', buffer: Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1') },
    { name: 'plaza.png', mimeType: 'image/png', buffer: await png(page, 900, 600) },
  ]);
  await expect(stilled('globos.png')).toBeVisible();
  await expect(page.locator('.pictures-coming li', { hasText: 'baile.gif' })).toContainText(words('compose_picture_gif'));
  await expect(page.locator('.picture')).toHaveCount(2);
  await expect(stilled('plaza.png')).toHaveCount(0);
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);
  // What is kept does not move, and is the first frame.
  const kept = async () => (await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`)).post.content.pictures;
  await expect.poll(async () => (await kept()).length).toBe(2);
  const { media } = (await kept()).find((one: any) => one.file_name === 'globos.png');
  const answer = await request.get(`/api/media/${media}`, { headers: { cookie: `__Host-pregon=${author}` } });
  const bytes = await answer.body();
  expect([answer.status(), bytes.includes('IHDR'), bytes.includes('acTL')]).toEqual([200, true, false]);
  const colour = await page.evaluate(async (media) => {
    const image = await createImageBitmap(await (await fetch(`/api/media/${media}`)).blob());
    const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d')!;
    context.drawImage(image, 0, 0);
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  }, media);
  expect(colour[0]).toBeGreaterThan(150);
  expect(colour[2]).toBeLessThan(100);

  // It is said where pictures are only gathered, too, and stays until it is closed.
  await page.goto('/desk/library');
  await page.locator('.library-bring input[type=file]').setInputFiles({ name: 'farolillos.png', mimeType: 'image/png', buffer: moving(300, 200) });
  await expect(page.locator('#library-coming')).toContainText(words('library_bring_done_of', { all: '1', done: '1' }));
  await stilled('farolillos.png').getByRole('button').click();
  await expect(stilled('farolillos.png')).toHaveCount(0);
});
