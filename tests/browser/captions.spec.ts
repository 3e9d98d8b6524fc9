// Captions as their people meet them: a file with a fault is told by its line, a right one is read on the spot, agreed to, and read by
// citizens below the player.
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { findings } from './axe';
import { expect, test } from './town';

const FILM = join(__dirname, 'film.mp4');
const ALT = 'Una carta de ajuste de colores; suena un pitido.';
const LINE = '[Suena un pitido]';

const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text, 'utf8') });
const WRONG = file('mal.srt', `1\n00:00:02,000 --> 00:00:01,000\n${LINE}\n`);
const RIGHT = file('bien.srt', `1\r\n00:00:00,500 --> 00:00:02,500\r\n<i>${LINE}</i>\r\n`);

const choose = (page: Page, chosen: typeof RIGHT) => page.locator('.captions-of input[type="file"]').setInputFiles(chosen);

test('captions are read by their lines, agreed to and read by citizens', async ({ as, town, words, request }) => {
  const author = await as('author');
  await author.goto('/desk/posts/new');
  await author.locator('#title-es').fill('Carta de ajuste');
  await author.locator('#text-es').fill('Mañana vuelve la televisión municipal, con su carta de ajuste.');
  await author.locator('.toggle').nth(1).click();
  await author.locator('input[type="file"][accept*="video"]').setInputFiles(FILM);
  await author.getByLabel(words('video_alt', { language: 'español' }), { exact: true }).fill(ALT);
  // A video with sound: they are missing, and it is said.
  const missing = author.locator('.film .finding', { hasText: words('finding_captions_missing') });
  await expect(missing).toBeVisible();

  let sent = 0;
  await author.route('**/api/videos/*/captions', (route) => (sent++, route.continue()));
  await choose(author, WRONG);
  const told = author.locator('.captions-of [role="alert"]');
  await expect(told).toContainText(words('refusal_bad_captions_backwards'));
  await expect(told).toContainText('2');
  expect(sent).toBe(0);

  await choose(author, RIGHT);
  await expect(missing).toHaveCount(0);
  await expect(told).toHaveCount(0);
  await author.getByText(words('video_captions_cues', { count: '1' })).click();
  await expect(author.locator('.captions-cues li')).toContainText(LINE);
  const [srt] = await Promise.all([
    author.waitForEvent('download'),
    author.getByRole('link', { name: words('video_captions_as', { kind: 'srt' }), exact: true }).click(),
  ]);
  expect(srt.suggestedFilename()).toBe('subtitulos.es.srt');
  expect(await findings(author, { colours: false })).toEqual([]);

  // Taken away, it is missing again; said to be in the picture, it is not; and the file is put back.
  await author.getByRole('button', { name: words('video_captions_remove'), exact: true }).click();
  await expect(missing).toBeVisible();
  const inside = author.getByLabel(words('video_captions_in_picture'));
  await inside.check();
  await expect(missing).toHaveCount(0);
  await inside.uncheck();
  await expect(missing).toBeVisible();
  await choose(author, RIGHT);
  await expect(author.locator('.captions-cues')).toBeVisible();
  await expect(author.locator('.saved')).toHaveAttribute('data-hue', 'good');
  await author.getByRole('button', { name: words('compose_submit'), exact: true }).click();
  await expect(author).toHaveURL(/\/desk\/posts\/[0-9a-z]{26}$/);
  const id = author.url().split('/').pop()!;

  // Whoever agrees can read them on a phone.
  const mayor = await as('approver', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await mayor.goto('/decide/');
  const read = mayor.getByRole('link', { name: words('video_captions_read'), exact: true }).first();
  await expect(read).toBeVisible();
  const vtt = await mayor.request.get((await read.getAttribute('href'))!);
  expect(await vtt.text()).toBe(`WEBVTT\n\n00:00:00.500 --> 00:00:02.500\n${LINE}\n`);
  await mayor.goto('/desk/approvals');
  await mayor.getByRole('button', { name: words('approvals_approve'), exact: true }).click();
  await expect(mayor.getByText(words('approvals_empty_title'))).toBeVisible();

  await author.goto(`/desk/posts/${id}`);
  await author.getByRole('button', { name: words('post_release'), exact: true }).click();
  await author.getByRole('button', { name: words('post_release_do'), exact: true }).click();
  await expect.poll(async () => (await request.get(`/${town.slug}/posts/${id}`)).status()).toBe(200);
  await author.goto(`/${town.slug}/posts/${id}`);
  await author.getByText(words('video_captions_read'), { exact: true }).click();
  await expect(author.getByText(LINE)).toBeVisible();
  // The browser itself reads them from our own address, under the page's policy.
  const shown = await author.locator('video').evaluate(async (found) => {
    const track = (found as HTMLVideoElement).textTracks[0];
    track.mode = 'showing';
    for (let tries = 0; tries < 300 && !track.cues?.length; tries++) await new Promise((done) => setTimeout(done, 100));
    return { kind: track.kind, language: track.language, text: (track.cues?.[0] as VTTCue | undefined)?.text };
  });
  expect(shown).toEqual({ kind: 'captions', language: 'es', text: LINE });
  expect(await findings(author, { colours: false })).toEqual([]);
});
