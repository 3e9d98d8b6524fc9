// Every network can be tried without an account: connected on its own page of consent, published to, and read there as its
// readers would. The imitations that `cargo xtask run --demo` starts; PREGON_NETWORKS says where they answer.
import { findings, over } from './axe';
import { ask, expect, newId, session, test } from './town';

const networks = process.env.PREGON_NETWORKS!;

for (const [network, label, fields] of [
  ['mastodon', 'network_mastodon', {}],
  ['x', 'network_x', { x_client_id: 'VmlsbGFTZXJlbmE6MTpjaQ', x_client_secret: 'sandbox-client_secret-of-x' }],
] as const) {
  test(`${network} is connected, published to and read`, async ({ as, words, town, request, baseURL }) => {
    await ask(request, baseURL!, '', 'PUT', '/api/rehearsal/stand-ins', { network: 'x', server: networks });
    const page = await as('administrator');
    await page.goto('/desk/channels');
    await page.getByRole('button', { name: words('channels_connect'), exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(words('channels_network'), { exact: true }).selectOption({ label: words(label) });
    if (network === 'mastodon') await dialog.getByLabel(words('channels_server'), { exact: true }).fill(networks);
    else {
      await dialog.getByLabel(words('facebook_way'), { exact: true }).selectOption({ label: words('facebook_automatic') });
      for (const [name, value] of Object.entries(fields)) await dialog.getByLabel(words(name), { exact: true }).fill(value);
    }
    await dialog.locator('form').evaluate((form: HTMLFormElement) => form.requestSubmit());
    // The network's own page asks, and leads back.
    await expect(page).toHaveURL(new RegExp(`^${networks}/`));
    expect(await findings(page)).toEqual([]);
    expect(await over(page)).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: 'Dar permiso' }).click();
    await expect(page).toHaveURL(`${baseURL}/desk/channels`);
    await expect(page.getByText(words('channels_connected'))).toBeVisible();

    // Nothing has failed there yet, and that is said when it is asked.
    const admin = await session(request, baseURL!, town.members.find(([role]) => role === 'administrator')![1]);
    const all = await ask(request, baseURL!, admin, 'GET', '/api/channels');
    const channel = all.find((one: any) => one.network === network);
    const card = page.getByRole('article').filter({ has: page.getByRole('heading', { name: channel.name, exact: true }) });
    await card.getByText(words('channels_history'), { exact: true }).click();
    await expect(card.getByText(words('channels_history_none'))).toBeVisible();
    expect(await findings(page)).toEqual([]);

    // Published, it stands on the street, as text and never as anything else.
    const text = `Mañana no hay agua & <b>nada</b> más, ${network} ${newId()}.`;
    const author = await session(request, baseURL!, town.members.find(([role]) => role === 'author')![1]);
    const mayor = await session(request, baseURL!, town.members.find(([role]) => role === 'approver')![1]);
    const post = newId();
    const content = { kind: 'routine', texts: { es: text }, targets: [{ channel: channel.id, languages: ['es'] }] };
    await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });
    const sent = await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/submissions`, { version: 1 });
    const approved = await ask(request, baseURL!, mayor, 'POST', `/api/posts/${post}/decisions`, { content_hash: sent.content_hash, choice: { decision: 'approve' } });
    await ask(request, baseURL!, author, 'POST', `/api/posts/${post}/release`, { version: approved.post.version });
    await expect.poll(async () => (await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`)).publications[0].state).toBe('out');
    await page.goto(networks);
    await expect(page.getByRole('article').filter({ hasText: text }).first()).toBeVisible();
    expect(await findings(page)).toEqual([]);
    expect(await over(page)).toBeLessThanOrEqual(0);
  });
}
