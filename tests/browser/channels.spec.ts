// A Facebook page is connected in the desk: by hand first, then with an access that opens two pages, of which one is chosen.
// What stands for Facebook here only says yes; how it is spoken to is proven over HTTP (`tests/api/tests/facebook.rs`).
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findings } from './axe';
import { expect, test } from './town';

const SCOPES = ['pages_show_list', 'pages_read_engagement', 'pages_manage_posts'];
const PAGES = ['Ayuntamiento de prueba', 'Biblioteca de prueba'].map((name, place) => ({ id: `10${place}`, name, access_token: `t${place}`, tasks: ['CREATE_CONTENT'] }));

/** As much of Facebook as agrees and tells what was agreed to. */
async function agreeable(): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    const say = (body: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    switch (url.pathname.replace('/v25.0/', '')) {
      case 'dialog/oauth':
        response.writeHead(302, { location: `${url.searchParams.get('redirect_uri')}?code=c&state=${url.searchParams.get('state')}` }).end();
        return;
      case 'oauth/access_token': return say({ access_token: 'person', token_type: 'bearer' });
      case 'me/permissions': return say({ data: SCOPES.map((permission) => ({ permission, status: 'granted' })) });
      case 'me/accounts': return say({ data: PAGES });
      case 'debug_token': return say({ data: { is_valid: true, app_id: '77', scopes: SCOPES, data_access_expires_at: 4102444800 } });
      default: response.writeHead(404).end();
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}

test('a page is published by hand until there is an access, and then by itself', async ({ as, words, town, request, baseURL }) => {
  const facebook = await agreeable();
  try {
    const server = `http://127.0.0.1:${(facebook.address() as AddressInfo).port}`;
    const stands = { organisation: town.organisation, network: 'facebook', server };
    const told = await request.put('/api/rehearsal/stand-ins', { headers: { origin: baseURL!, 'x-pregon': '1' }, data: stands });
    expect(told.ok(), await told.text()).toBe(true);

    const page = await as('administrator');
    await page.goto('/desk/channels');
    await page.getByRole('button', { name: words('channels_connect'), exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(words('channels_network'), { exact: true }).selectOption({ label: words('network_facebook') });
    // What it takes is read before anything is asked for; the address to come back to is this very desk's.
    await expect(dialog.getByText(words('facebook_need_app'))).toBeVisible();
    await expect(dialog.locator('code')).toHaveText(`${baseURL}/api/channels/facebook/return`);
    await dialog.getByLabel(words('channels_name'), { exact: true }).fill('Nuestra página');
    await dialog.getByLabel(words('channels_handle'), { exact: true }).fill('@prueba');
    expect(await findings(page, { within: 'dialog[open]' })).toEqual([]);
    await dialog.getByRole('button', { name: words('channels_connect'), exact: true }).click();
    const card = page.locator('.channel').filter({ hasText: 'Nuestra página' });
    await expect(card).toBeVisible();
    await expect(card.getByRole('button', { name: words('channels_check'), exact: true })).toHaveCount(0);

    await card.getByRole('button', { name: new RegExp(words('general_options')) }).click();
    await page.getByText(words('channels_again'), { exact: true }).filter({ visible: true }).click();
    await expect(dialog.getByLabel(words('facebook_way'), { exact: true })).toHaveValue('automatic');
    await dialog.getByLabel(words('facebook_app_id'), { exact: true }).fill('77');
    await dialog.getByLabel(words('facebook_app_secret'), { exact: true }).fill('s3cret');
    await dialog.getByRole('button', { name: words('facebook_go_there'), exact: true }).click();

    await expect(page.getByRole('heading', { name: words('facebook_choose') })).toBeVisible();
    expect(page.url(), 'the name of the choice is not left in the address').not.toContain('choose');
    await page.getByLabel(words('facebook_page'), { exact: true }).selectOption({ label: 'Biblioteca de prueba' });
    await page.getByRole('button', { name: words('facebook_chosen'), exact: true }).click();
    await expect(page.getByText(words('channels_connected'))).toBeVisible();
    // The same channel, under the name that people gave it, and it can be checked now.
    await expect(page.locator('.channel')).toHaveCount(2);
    await expect(card.getByText('Biblioteca de prueba')).toBeVisible();
    await expect(card.getByRole('button', { name: words('channels_check'), exact: true })).toBeVisible();
  } finally {
    facebook.close();
  }
});

/** As much of a Bluesky server as agrees: it knows whose a name is, says who it is, and lets in. */
async function atBluesky(): Promise<Server> {
  const did = 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa';
  let asked = new URLSearchParams();
  const server = createServer(async (request, response) => {
    const self = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const say = (body: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    const url = new URL(request.url!, self);
    switch (decodeURIComponent(url.pathname)) {
      case '/xrpc/com.atproto.identity.resolveHandle': return say({ did });
      case `/${did}`: return say({ id: did, alsoKnownAs: ['at://prueba.test'], service: [{ id: '#atproto_pds', serviceEndpoint: self }] });
      case '/.well-known/oauth-protected-resource': return say({ resource: self, authorization_servers: [self] });
      case '/.well-known/oauth-authorization-server': return say({
        issuer: self, authorization_endpoint: `${self}/authorize`, token_endpoint: `${self}/token`,
        pushed_authorization_request_endpoint: `${self}/par`, authorization_response_iss_parameter_supported: true,
        client_id_metadata_document_supported: true, scopes_supported: ['atproto'], response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'], dpop_signing_alg_values_supported: ['ES256'],
      });
      case '/par': {
        let body = '';
        for await (const piece of request) body += piece;
        asked = new URLSearchParams(body);
        return say({ request_uri: 'urn:r', expires_in: 299 });
      }
      case '/authorize': {
        const back = new URL(asked.get('redirect_uri')!);
        for (const [name, value] of [['code', 'c'], ['state', asked.get('state')!], ['iss', self]]) back.searchParams.set(name, value);
        response.writeHead(303, { location: back.href }).end();
        return;
      }
      case '/token': return say({ access_token: 'a', refresh_token: 'r', token_type: 'DPoP', expires_in: 3600, sub: did, scope: asked.get('scope') });
      case '/xrpc/com.atproto.server.getSession': return say({ did, handle: 'prueba.test', active: true });
      default: response.writeHead(404).end();
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}

test('an account of Bluesky signs in at its own server first, and an app password is there for whoever has one', async ({ as, words, town, request, baseURL }) => {
  const bluesky = await atBluesky();
  try {
    const server = `http://127.0.0.1:${(bluesky.address() as AddressInfo).port}`;
    const stands = { organisation: town.organisation, network: 'bluesky', server };
    const told = await request.put('/api/rehearsal/stand-ins', { headers: { origin: baseURL!, 'x-pregon': '1' }, data: stands });
    expect(told.ok(), await told.text()).toBe(true);

    const page = await as('administrator');
    await page.goto('/desk/channels');
    await page.getByRole('button', { name: words('channels_connect'), exact: true }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByLabel(words('channels_bluesky_way'), { exact: true })).toHaveValue('sign_in');
    await expect(dialog.getByText(words('channels_bluesky_sign_in_text'))).toBeVisible();
    await expect(dialog.getByLabel(words('channels_app_password'), { exact: true })).toHaveCount(0);
    await dialog.getByLabel(words('channels_bluesky_way'), { exact: true }).selectOption({ label: words('channels_bluesky_by_password') });
    await expect(dialog.getByLabel(words('channels_app_password'), { exact: true })).toBeVisible();
    await expect(dialog.getByText(words('channels_app_password_rights'))).toBeVisible();
    await expect(dialog.getByText(words('channels_bluesky_need_rights'))).toHaveCount(0);
    expect(await findings(page, { within: 'dialog[open]' })).toEqual([]);
    await dialog.getByLabel(words('channels_bluesky_way'), { exact: true }).selectOption({ label: words('channels_bluesky_sign_in') });
    await dialog.getByLabel(words('channels_handle'), { exact: true }).fill('@prueba.test');
    await dialog.getByLabel(words('channels_server'), { exact: true }).fill(server);
    expect(await findings(page, { within: 'dialog[open]' })).toEqual([]);
    await dialog.getByRole('button', { name: words('channels_bluesky_go_there'), exact: true }).click();

    await expect(page).toHaveURL(`${baseURL}/desk/channels`);
    await expect(page.getByText(words('channels_connected'))).toBeVisible();
    await expect(page.locator('.channel').filter({ hasText: '@prueba.test' })).toBeVisible();
  } finally {
    bluesky.close();
  }
});

test('what it takes is told before anything is asked, where no developer app is needed too', async ({ as, words }) => {
  const page = await as('administrator');
  await page.goto('/desk/channels');
  await page.getByRole('button', { name: words('channels_connect'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  for (const [network, ...told] of [
    ['bluesky', 'channels_bluesky_need_account', 'channels_bluesky_need_rights', 'channels_bluesky_need_until'],
    ['mastodon', 'channels_mastodon_need_account', 'channels_mastodon_need_rights', 'channels_mastodon_need_until'],
    ['telegram', 'channels_telegram_need_owner', 'channels_telegram_rights', 'channels_telegram_need_until'],
  ]) {
    await dialog.getByLabel(words('channels_network'), { exact: true }).selectOption({ label: words(`network_${network}`) });
    for (const line of told) await expect(dialog.getByText(words(line))).toBeVisible();
    expect(await findings(page, { within: 'dialog[open]' })).toEqual([]);
    await dialog.getByText(words('facebook_guide'), { exact: true }).click();
    await expect(dialog.getByText(words(told[0]!))).toBeHidden();
  }
});
