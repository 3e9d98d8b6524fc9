// A screen in a window and a local paper: connected with what holds of them, judged in the preview by how fast it is read, given in a
// kit whose picture fills the screen, and done without a link. By keys alone, on a narrow screen.
import { readFileSync } from 'node:fs';
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test('a screen and a paper have each their kit, and what hangs needs no link', async ({ as, words, town, request, baseURL }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const administrator = await session(request, baseURL!, of('administrator'));
  const author = await session(request, baseURL!, of('author'));
  const approver = await session(request, baseURL!, of('approver'));

  const office = await as('administrator', phone);
  await office.goto('/desk/channels');
  await office.getByRole('button', { name: words('channels_connect'), exact: true }).click();
  const dialog = office.getByRole('dialog');
  await dialog.getByLabel(words('channels_network'), { exact: true }).selectOption({ label: words('network_screen') });
  await expect(dialog.getByText(words('kit_rules_screen'))).toBeVisible();
  await dialog.getByLabel(words('channels_name'), { exact: true }).fill('El escaparate');
  await dialog.getByLabel(words('kit_place_screen'), { exact: true }).fill('Oficina de turismo');
  expect(await findings(office, { within: 'dialog[open]' })).toEqual([]);
  await dialog.getByRole('button', { name: words('channels_connect'), exact: true }).click();
  await expect(office.locator('.channel').filter({ hasText: 'El escaparate' })).toBeVisible();

  const channels = await ask(request, baseURL!, administrator, 'GET', '/api/channels');
  const screen = channels.find((one: { network: string }) => one.network === 'screen');
  const connect = { network: 'assisted', on: 'paper', channel: null, name: 'El Valle', handle: 'redaccion@elvalle.example', address: null };
  const { channel: paper } = await ask(request, baseURL!, administrator, 'POST', '/api/channels', connect);

  const page = await as('author', phone);
  await page.goto('/decide/');
  const picture = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 640];
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, 640, 640);
    context.fillStyle = '#1d4e89';
    context.fillRect(0, 0, 640, 320);
    const blob = await new Promise<Blob>((done) => canvas.toBlob((made) => done(made!), 'image/png'));
    const headers = { 'x-pregon': '1', 'content-type': 'image/png', 'x-pregon-name': 'mercado.png' };
    const stored = await (await fetch('/api/media', { method: 'POST', headers, body: await blob.arrayBuffer() })).json();
    const { id: media, hash, mime, bytes, width, height } = stored;
    // What must be seen lies below.
    return { media, hash, mime, bytes, width, height, alt: { es: 'El mercado' }, focus: '500,1000' };
  });
  const post = newId();
  const targets = [screen.id, paper.id].map((channel: string) => ({ channel, languages: ['es'] }));
  const content = { kind: 'routine', titles: { es: 'Mercado' }, texts: { es: 'Este sábado, en la plaza.' }, pictures: [picture], targets };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });

  await page.goto(`/desk/posts/${post}/edit`);
  const shown = page.locator('.preview-screen');
  await expect(shown.getByText(words('kit_seconds', { seconds: '3' }))).toBeVisible();
  await expect(page.locator('.preview-paper h3')).toHaveText('Mercado');
  await page.locator('#text-es').fill('Este sábado hay mercado en la plaza, con puestos de fruta, pan y queso de las aldeas de los alrededores, música a las doce y talleres para quien venga con niños: https://villa.example');
  await expect(shown.getByText(words('kit_unpressed'))).toBeVisible();
  await expect(shown.locator('.preview-link')).toHaveCount(0);
  await expect(shown.locator('.preview-by-hand').filter({ hasText: /1[0-9]/ })).toBeVisible();
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);
  await page.locator('#text-es').fill('Este sábado, en la plaza Mayor.');
  const stored = async () => (await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`)).post;
  await expect.poll(async () => (await stored()).content.texts.es).toBe('Este sábado, en la plaza Mayor.');
  await expect(page.locator('.saved')).toHaveAttribute('data-hue', 'good');
  await page.goto('/desk/');

  const kept = await stored();
  const waiting = await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/submissions`, { version: kept.version });
  const decision = { content_hash: waiting.content_hash, choice: { decision: 'approve' } };
  const approved = await ask(request, baseURL!, approver, 'POST', `/api/posts/${post}/decisions`, decision);
  await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/release`, { version: approved.post.version });
  const states = async () => {
    const { publications } = await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`);
    return publications.map((one: { state: string }) => one.state);
  };
  await expect.poll(states).toEqual(['in_hand', 'in_hand']);

  await page.goto(`/desk/posts/${post}`);
  const hangs = page.locator('.kit').filter({ hasText: words('kit_rules_screen') });
  await expect(hangs.getByText(words('kit_over_unknown'))).toBeVisible();
  const size = '1920 × 1080';
  await expect(hangs.getByText(words('kit_coarse', { size }))).toBeVisible();
  const cut = hangs.getByRole('button', { name: words('kit_cut', { size }), exact: true });
  await cut.focus();
  const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(file.suggestedFilename()).toBe('1-1920x1080.jpg');
  await expect(page.getByText(words('kit_cut_done', { size }))).toBeVisible();
  const made = readFileSync((await file.path())!).toString('base64');
  const seen = await page.evaluate(async (made) => {
    const bytes = Uint8Array.from(atob(made), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    const context = canvas.getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const red = (y: number) => context.getImageData(10, y, 1, 1).data[0];
    return { jpeg: bytes[0] === 0xff && bytes[1] === 0xd8, width: bitmap.width, height: bitmap.height, above: red(20), middle: red(500) };
  }, made);
  expect([seen.jpeg, seen.width, seen.height]).toEqual([true, 1920, 1080]);
  // Of its middle, this would be blue still.
  expect(seen.above).toBeLessThan(80);
  expect(seen.middle).toBeGreaterThan(240);

  const printed = page.locator('.kit').filter({ hasText: words('kit_rules_paper') });
  await expect(printed.getByText(words('kit_printed', { across: '54', down: '54' }))).toBeVisible();
  await expect(printed.locator('b', { hasText: 'Mercado' })).toBeVisible();
  await expect(printed.getByRole('button', { name: /1920/ })).toHaveCount(0);
  expect(await findings(page)).toEqual([]);
  expect(await over(page)).toBeLessThanOrEqual(0);
  // Nothing to paste, and it is done.
  const done = hangs.getByRole('button', { name: words('post_is_out'), exact: true });
  await expect(hangs.getByLabel(words('kit_link_back'), { exact: true })).toHaveValue('');
  await done.focus();
  await page.keyboard.press('Enter');
  await expect.poll(states).toContain('out');
});
