// The poster of a video as its people meet it: a moment found by keys, or a picture from elsewhere, agreed to and seen by citizens
// before anybody plays it. And what must be seen of a picture: pressed, or moved by keys, and kept where a network's version is cut.
//
// `film.mp4` is that of `video.spec.ts`: a test picture of three seconds in which a number counts up.
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const FILM = join(__dirname, 'film.mp4');
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** A picture of this size, grey, and its left third red. */
async function png(page: Page, width: number, height: number): Promise<Buffer> {
  const url = await page.evaluate(([width, height]) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#808080';
    context.fillRect(0, 0, width, height);
    context.fillStyle = '#c00000';
    context.fillRect(0, 0, width / 3, height);
    return canvas.toDataURL('image/png');
  }, [width, height]);
  return Buffer.from(url.split(',')[1], 'base64');
}

test('a poster is a moment of the video or a picture, agreed to, and seen before it is played', async ({ as, town, words, request }) => {
  const author = await as('author');
  await author.goto('/desk/posts/new');
  await author.locator('#title-es').fill('Carta de ajuste');
  await author.locator('#text-es').fill('Mañana vuelve la televisión municipal, con su carta de ajuste.');
  await author.locator('.toggle').nth(1).click();
  await author.locator('input[type="file"][accept*="video"]').setInputFiles(FILM);
  await author.getByLabel(words('video_alt', { language: 'español' }), { exact: true }).fill('Una carta de ajuste de colores; suena un pitido.');
  await expect(author.getByText(words('video_poster_none'))).toBeVisible();

  // By keys: a tenth of a second each, told in words.
  const moment = author.getByLabel(words('video_poster_moment'), { exact: true });
  const at = (tenths: number) => words('video_poster_at', { minutes: '0', seconds: String(Math.floor(tenths / 10)), tenths: String(tenths % 10) });
  await moment.focus();
  for (let step = 0; step < 12; step++) await author.keyboard.press('ArrowRight');
  await expect(moment).toHaveValue('1200');
  await expect(moment).toHaveAttribute('aria-valuetext', at(12));
  const use = author.getByRole('button', { name: words('video_poster_use'), exact: true });
  await use.focus();
  await author.keyboard.press('Enter');
  const chosen = author.locator('.poster-chosen');
  await expect(chosen).toHaveAttribute('alt', words('video_poster_is_moment', { at: at(12) }));
  const first = await chosen.getAttribute('src');
  expect(await chosen.evaluate(async (image: HTMLImageElement) => (await image.decode(), [image.naturalWidth, image.naturalHeight]))).toEqual([128, 72]);
  // Another moment is another picture.
  await moment.focus();
  await author.keyboard.press('Home');
  await use.click();
  await expect(chosen).toHaveAttribute('alt', words('video_poster_is_moment', { at: at(0) }));
  await expect(chosen).not.toHaveAttribute('src', first!);
  await expect(author.locator('.compose-side video').first()).toHaveAttribute('poster', (await chosen.getAttribute('src'))!);
  expect(await findings(author, { colours: false })).toEqual([]);

  // A picture from elsewhere becomes a JPEG; taken away, there is none; and the moment is chosen again.
  await author.locator('.poster input[type="file"]').setInputFiles({ name: 'cartel.png', mimeType: 'image/png', buffer: await png(author, 640, 360) });
  await expect(chosen).toHaveAttribute('alt', words('video_poster_is_picture'));
  const brought = await author.request.get((await chosen.getAttribute('src'))!);
  expect(brought.headers()['content-type']).toBe('image/jpeg');
  await author.getByRole('button', { name: words('video_poster_remove'), exact: true }).click();
  await expect(chosen).toHaveCount(0);
  await moment.fill('2000');
  await use.click();
  await expect(chosen).toHaveAttribute('alt', words('video_poster_is_moment', { at: at(20) }));
  await expect(author.locator('.saved')).toHaveAttribute('data-hue', 'good');
  await author.getByRole('button', { name: words('compose_submit'), exact: true }).click();
  await expect(author).toHaveURL(/\/desk\/posts\/[0-9a-z]{26}$/);
  const id = author.url().split('/').pop()!;

  // Whoever agrees sees it on a phone, and is told what it is.
  const mayor = await as('approver', phone);
  await mayor.goto('/decide/');
  await expect(mayor.getByText(words('video_poster_is_moment', { at: at(20) })).first()).toBeVisible();
  await expect(mayor.locator('video').first()).toHaveAttribute('poster', /\/api\/media\//);
  await mayor.goto('/desk/approvals');
  await mayor.getByRole('button', { name: words('approvals_approve'), exact: true }).click();
  await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();

  await author.goto(`/desk/posts/${id}`);
  await author.getByRole('button', { name: words('post_release'), exact: true }).click();
  await author.getByRole('button', { name: words('post_release_do'), exact: true }).click();
  await expect.poll(async () => (await request.get(`/${town.slug}/posts/${id}`)).status()).toBe(200);
  await author.goto(`/${town.slug}/posts/${id}`);
  const poster = await author.locator('video').getAttribute('poster');
  expect(poster).toContain(`/${town.slug}/media/`);
  const seen = await request.get(poster!);
  expect([seen.status(), seen.headers()['content-type']]).toEqual([200, 'image/jpeg']);
});

test('what must be seen of a picture is pressed or moved by keys, and kept where it is cut', async ({ as, words, town, request, baseURL }) => {
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
  await page.locator('input[type=file][multiple]').setInputFiles({ name: 'plaza.png', mimeType: 'image/png', buffer: await png(page, 900, 300) });
  const picture = page.locator('.picture').first();
  const kept = async () => (await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`)).post.content.pictures[0];
  await expect.poll(async () => (await kept())?.width).toBe(900);
  expect((await kept()).focus).toBeUndefined();

  await picture.getByText(words('picture_focus'), { exact: true }).click();
  const pressed = picture.locator('.pointed-press');
  const box = (await pressed.boundingBox())!;
  await pressed.click({ position: { x: box.width * 0.25, y: box.height * 0.5 } });
  const across = picture.getByLabel(words('comments_across'));
  const down = picture.getByLabel(words('comments_down'));
  await expect.poll(async () => Number(await across.inputValue())).toBeLessThan(300);
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);

  // By keys alone, to the left side and up.
  await across.focus();
  await page.keyboard.press('Home');
  await down.focus();
  await page.keyboard.press('Home');
  await expect.poll(async () => (await kept()).focus).toBe('0,0');
  await expect(page.locator('.preview-instagram img').first()).toHaveClass('x0 y0');
  await picture.getByRole('button', { name: words('picture_focus_middle'), exact: true }).click();
  await expect.poll(async () => (await kept()).focus).toBeUndefined();
  await across.focus();
  await page.keyboard.press('Home');

  // The version that fits is cut where the red is.
  await picture.getByRole('button', { name: words('compose_picture_fit'), exact: true }).click();
  await expect(page.getByText(words('compose_picture_fitted'))).toBeVisible();
  const shown = page.locator('.preview-instagram img').first();
  await expect(shown).toHaveAttribute('width', '573');
  const colour = (part: number) =>
    shown.evaluate(async (image: HTMLImageElement, part) => {
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
      const context = canvas.getContext('2d')!;
      context.drawImage(image, 0, 0);
      return [...context.getImageData(canvas.width * part, canvas.height / 2, 1, 1).data.slice(0, 3)];
    }, part);
  const [left, right] = [await colour(0.1), await colour(0.9)];
  expect(left[0] - left[1]).toBeGreaterThan(120);
  expect(Math.abs(right[0] - right[1])).toBeLessThan(20);
});
