// A video as its people meet it: chosen, cleaned, sent in spite of a broken line, described, agreed to, played by citizens.
//
// `film.mp4` was made for this with ffmpeg's own test picture and tone, and a title in it:
//   ffmpeg -f lavfi -i testsrc=size=128x72:rate=10:duration=3 -f lavfi -i sine=frequency=440:duration=3 -c:v libx264
//     -preset veryslow -crf 40 -pix_fmt yuv420p -c:a aac -b:a 16k -metadata title="Secreto de la camara"
//     -movflags +faststart film.mp4
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { findings } from './axe';
import { expect, test } from './town';

const FILM = join(__dirname, 'film.mp4');
const ALT = 'Una carta de ajuste de colores; suena un pitido.';

const choose = (page: Page, file: string | { name: string; mimeType: string; buffer: Buffer }) =>
  page.locator('input[type="file"][accept*="video"]').setInputFiles(file);

/** A text alone on the noticeboard, in Spanish. */
async function begin(page: Page) {
  await page.goto('/desk/posts/new');
  await page.locator('#title-es').fill('Carta de ajuste');
  await page.locator('#text-es').fill('Mañana vuelve la televisión municipal, con su carta de ajuste.');
  await page.locator('.toggle').nth(1).click();
  await expect(page.locator('.toggle[aria-pressed="true"]')).toHaveCount(1);
}

/** Plays for a moment; answers how it is drawn. */
const played = (page: Page, where: string) =>
  page.locator(where).first().evaluate(async (found) => {
    const video = found as HTMLVideoElement;
    video.muted = true;
    await video.play();
    // The first that is heard of it may be that it is where it began.
    while (video.currentTime === 0) await new Promise((done) => video.addEventListener('timeupdate', done, { once: true }));
    return { width: video.videoWidth, height: video.videoHeight, seconds: Math.round(video.duration), moved: video.currentTime > 0 };
  });

const DRAWN = { width: 128, height: 72, seconds: 3, moved: true };

test('a video is cleaned, described, agreed to and played without a script', async ({ as, town, words, request }) => {
  const author = await as('author');
  await begin(author);
  await choose(author, FILM);
  await expect(author.locator('.film video')).toBeVisible();
  await expect(author.getByText(words('video_stripped'))).toBeVisible();
  expect(await played(author, '.film video')).toEqual(DRAWN);
  // The keyboard reaches it and stops it.
  await author.locator('.film video').focus();
  await author.locator('.film video').evaluate((video) => (video as HTMLVideoElement).play());
  await author.keyboard.press('Space');
  await expect.poll(() => author.locator('.film video').evaluate((video) => (video as HTMLVideoElement).paused)).toBe(true);
  // Without a description it does not go.
  const missing = author.locator('.film .finding', { hasText: words('finding_video_alt_missing') });
  await expect(missing).toBeVisible();
  const description = author.getByLabel(words('video_alt', { language: 'español' }), { exact: true });
  await description.fill(ALT);
  await expect(missing).toHaveCount(0);
  await expect(author.locator('.compose-side video').first()).toHaveAttribute('aria-label', ALT);
  expect(await findings(author, { colours: false })).toEqual([]);
  await expect(author.locator('.saved')).toHaveAttribute('data-hue', 'good');
  await author.getByRole('button', { name: words('compose_submit'), exact: true }).click();
  await expect(author).toHaveURL(/\/desk\/posts\/[0-9a-z]{26}$/);
  const id = author.url().split('/').pop()!;

  const mayor = await as('approver', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await mayor.goto('/decide/');
  await expect(mayor.getByText(ALT).first()).toBeVisible();
  expect(await played(mayor, 'video')).toEqual(DRAWN);
  await mayor.goto('/desk/approvals');
  await mayor.getByRole('button', { name: words('approvals_approve'), exact: true }).click();
  await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();

  await author.goto(`/desk/posts/${id}`);
  expect(await played(author, 'video')).toEqual(DRAWN);
  await author.getByRole('button', { name: words('post_release'), exact: true }).click();
  await author.getByRole('button', { name: words('post_release_do'), exact: true }).click();
  await expect.poll(async () => (await request.get(`/${town.slug}/posts/${id}`)).status()).toBe(200);

  await author.goto(`/${town.slug}/posts/${id}`);
  await expect(author.getByText(ALT)).toBeVisible();
  expect(await author.locator('video').getAttribute('preload')).toBe('none');
  expect(await played(author, 'video')).toEqual(DRAWN);
  expect(await findings(author, { colours: false })).toEqual([]);
  const file = await (await request.get((await author.locator('video').getAttribute('src'))!)).body();
  const before = readFileSync(FILM);
  expect(file.length).toBe(before.length);
  const secret = 'Secreto de la camara';
  expect([before.includes(secret), file.includes(secret)]).toEqual([true, false]);
});

test('a line that breaks loses nothing, and what is not wanted goes', async ({ as, words }) => {
  const author = await as('author');
  await begin(author);
  let broken = 0;
  await author.route('**/api/videos/*/parts/0', (route) => (broken++ === 0 ? route.abort() : route.continue()));
  await choose(author, FILM);
  await expect(author.getByText(words('video_broke_off'))).toBeVisible();
  await author.getByRole('button', { name: words('video_go_on'), exact: true }).click();
  await expect(author.locator('.film video')).toBeVisible();
  expect(broken).toBe(2);
  await author.getByRole('button', { name: words('video_remove'), exact: true }).click();
  await expect(author.locator('.film video')).toHaveCount(0);

  // One that hangs is given up, and the field is there again.
  await author.route('**/api/videos/*/parts/0', () => {});
  const other = readFileSync(FILM);
  other[other.length - 1] ^= 1;
  await choose(author, { name: 'otra.mp4', mimeType: 'video/mp4', buffer: other });
  await expect(author.locator('progress')).toBeVisible();
  const given = author.waitForRequest((asked) => asked.method() === 'DELETE' && asked.url().includes('/api/videos/'));
  await author.getByRole('button', { name: words('video_cancel'), exact: true }).click();
  await given;
  await expect(author.locator('progress')).toHaveCount(0);
  await author.unroute('**/api/videos/*/parts/0');

  // What is no video is refused before anything is sent.
  let sent = 0;
  await author.route('**/api/videos', (route) => (sent++, route.continue()));
  await choose(author, { name: 'nada.mp4', mimeType: 'video/mp4', buffer: Buffer.from('<html></html>') });
  await expect(author.getByRole('alert')).toContainText(words('refusal_bad_video_not_a_video'));
  expect(sent).toBe(0);
});
