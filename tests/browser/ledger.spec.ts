// The ledger in the open: a post that a network refused, with what it answered; and one of which nobody knows, with what
// to look for. The network is a few lines here that only ever say no or hang up: what it is like in earnest, the journeys
// over HTTP prove.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const SAID = 'Invalid app.bsky.feed.post record: grapheme too big (maximum 300, got 301)';

const journey = test.extend<{ network: string }>({
  network: async ({}, use) => {
    const server: Server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const answer = (status: number, body: unknown) => {
          response.writeHead(status, { 'content-type': 'application/json' });
          response.end(JSON.stringify(body));
        };
        const did = 'did:plc:villa';
        if (request.url!.includes('createSession')) {
          answer(200, { did, handle: 'villa.test', accessJwt: 'uno', refreshJwt: 'dos', active: true });
        } else if (request.url!.includes('getSession')) {
          answer(200, { did, handle: 'villa.test', active: true });
        } else if (request.url!.includes('putRecord') && Buffer.concat(chunks).includes('demasiado')) {
          answer(400, { error: 'InvalidRequest', message: SAID, token: 'uno' });
        } else {
          request.socket.destroy();
        }
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.closeAllConnections();
    server.close();
  },
});

journey('every attempt says what was sent, what came back and what to do', async ({ as, words, town, request, baseURL, network }) => {
  const of = (role: string) => town.members.find(([name]) => name === role)![1];
  const secrets = new Map<string, string>();
  for (const role of ['administrator', 'author', 'approver']) {
    secrets.set(role, await session(request, baseURL!, of(role)));
  }
  const by = (role: string, method: string, path: string, data?: unknown) => ask(request, baseURL!, secrets.get(role)!, method, path, data);
  const connected = await by('administrator', 'POST', '/api/channels', {
    network: 'bluesky', server: network, identifier: 'villa.test', app_password: 'abcd-efgh-ijkl-mnop',
  });
  const release = async (text: string) => {
    const id = newId();
    const targets = [{ channel: connected.channel.id, languages: ['es'] }];
    const content = { kind: 'routine', titles: { es: 'Corte de agua' }, texts: { es: text }, targets };
    await by('author', 'PUT', `/api/posts/${id}`, { version: 0, content });
    const waiting = await by('author', 'POST', `/api/posts/${id}/submissions`, { version: 1 });
    const choice = { decision: 'approve' };
    const approved = await by('approver', 'POST', `/api/posts/${id}/decisions`, { content_hash: waiting.content_hash, choice });
    await by('author', 'POST', `/api/posts/${id}/release`, { version: approved.post.version });
    return id;
  };
  const state = async (id: string) => (await by('author', 'GET', `/api/posts/${id}`)).publications[0];
  const becomes = (id: string, wanted: string) =>
    expect.poll(async () => (await state(id)).state).toBe(wanted);
  const clean = async (page: import('@playwright/test').Page) => {
    expect(await findings(page)).toEqual([]);
    expect(await over(page)).toBeLessThanOrEqual(0);
  };

  // Refused: it is open by itself, for somebody has to do something.
  const refused = await release('Es demasiado largo.');
  await becomes(refused, 'failed');
  const page = await as('author');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`/desk/posts/${refused}`);
  const attempt = page.locator('.attempt');
  await expect(attempt).toHaveCount(1);
  await expect(attempt).toBeVisible();
  await expect(attempt).toContainText(words('meaning_content_refused_what'));
  await expect(attempt).toContainText('HTTP 400 · InvalidRequest');
  await expect(attempt.locator('.raw')).toBeHidden();
  await attempt.getByText(words('post_raw')).click();
  await expect(attempt.locator('.raw')).toContainText(SAID);
  await expect(attempt.locator('.raw')).toContainText('"token":"•••"');
  await attempt.getByRole('button', { name: words('post_copy_hash') }).click();
  await expect(page.getByText(words('post_copied_hash'))).toBeVisible();
  const sent = (await state(refused)).acts[0].attempts[0].sent;
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(sent);
  expect(sent).toMatch(/^[0-9a-f]{64}$/);
  await clean(page);

  // Nobody knows: first it is looked up, folded; when that finds nothing out, it is said what to look for.
  const lost = await release('Mañana no hay agua en la calle Mayor.');
  await becomes(lost, 'unknown');
  await page.goto(`/desk/posts/${lost}`);
  await expect(page.getByText(words('post_look_at', { when: '' }).trim())).toBeVisible();
  await expect(attempt).toBeHidden();
  const publication = (await state(lost)).id;
  for (let look = 0; look < 8; look++) {
    await by('author', 'POST', `/api/publications/${publication}/looks`, {});
  }
  await page.reload();
  const sought = page.locator('.sought');
  await expect(sought).toContainText('@villa.test');
  await expect(sought.locator('blockquote')).toHaveText('Mañana no hay agua en la calle Mayor.');
  await expect(attempt).toBeVisible();
  await expect(page.getByRole('button', { name: words('post_not_out'), exact: true })).toBeVisible();
  await clean(page);

  const phone = await as('author', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  for (const id of [refused, lost]) {
    await phone.goto(`/desk/posts/${id}`);
    await expect(phone.locator('.attempt')).toBeVisible();
    await clean(phone);
  }
});
