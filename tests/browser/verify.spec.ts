// Whoever has a receipt and the organisation's key drops it on the public page, and it says what it is worth.
import type { Page } from '@playwright/test';
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { findings, over } from './axe';
import { expect, test } from './town';

const ID = '00000000000000000000000003';
const base64url = (bytes: Buffer) => bytes.toString('base64url');
const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest();

/** Canonical JSON of flat objects and what is sorted already. */
const canonical = (value: Record<string, unknown>) => JSON.stringify(Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))));

/** A receipt as the engine, a browser and a passkey would make it, and the key that it is to be checked with. */
function receipt(host: string) {
  const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [organisation, passkey] = [pair(), pair()];
  const jwk = ({ publicKey }: { publicKey: KeyObject }) => {
    const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
    return { crv, kty, x, y };
  };
  const rp = host.split(':')[0];
  const origin = `http://${host}`;
  const enrolment = canonical({
    credential: 'AAAA', public_key: jwk(passkey), organisation: ID, member: ID, name: 'La secretaria',
    enrolled_at: 1, how: 'invitation', confirmed_by: null, rp, origin,
  });
  const statement = canonical({
    organisation: ID, post: ID, round: 1, circuit: ID, version: 1, step: ID, content: '0'.repeat(64),
    envelope: { envelope: 'times', from: 1, until: 2 }, decision: 'approve', comment: null, at: 1_795_000_000_000,
    by: { member: ID, person: 'member' }, role: 'approver', authority: null, nonce: '0'.repeat(32),
  });
  const challenge = base64url(sha256(`pregon/decision/1${statement}`));
  const client = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge, origin, crossOrigin: false }));
  const data = Buffer.concat([sha256(rp), Buffer.from([5, 0, 0, 0, 0])]);
  const signed = sign('sha256', Buffer.from(`pregon/enrolment/1${enrolment}`), { key: organisation.privateKey, dsaEncoding: 'ieee-p1363' });
  const assertion = {
    credential: 'AAAA', authenticator_data: base64url(data), client_data: base64url(client),
    signature: base64url(sign('sha256', Buffer.concat([data, sha256(client)]), passkey.privateKey)),
  };
  const key = jwk(organisation);
  const whole = {
    format: 'pregon/receipt/1', statement, choice: { decision: 'approve' }, assertion, enrolment,
    enrolment_signature: base64url(signed), organisation_key: key,
  };
  return { whole, key };
}

const json = (name: string, value: unknown) => ({ name, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(value)) });

/** Drops a file as a mouse would: anywhere on the page. */
async function drop(page: Page, value: unknown) {
  const transfer = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'receipt.json', { type: 'application/json' }));
    return transfer;
  }, JSON.stringify(value));
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

async function examine(page: Page) {
  expect.soft(await findings(page)).toEqual([]);
  expect.soft(await over(page), 'it is wider than its screen').toBeLessThanOrEqual(0);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a good receipt is said good and a tampered one bad, in ${colorScheme}, and nothing is sent`, async ({ browser, baseURL, viewport, locale, words }) => {
    const context = await browser.newContext({ baseURL, viewport: colorScheme === 'dark' ? { width: 390, height: 844 } : viewport, locale, colorScheme });
    const page = await context.newPage();
    const troubles: string[] = [];
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    await page.goto('/verify');
    await examine(page);
    const verdict = page.getByRole('status');
    const { whole, key } = receipt(new URL(baseURL!).host);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));

    await drop(page, whole);
    await expect(verdict).toHaveText(words('verify_no_key'));
    await page.getByLabel(words('verify_key')).setInputFiles(json('key.json', { name: 'Villa', decision_key: key }));
    await expect(verdict).toHaveText(words('verify_good'));
    await expect(page.getByText('La secretaria')).toBeVisible();
    await expect(page.getByText(words('devices_how_invitation'), { exact: true })).toBeVisible();
    await expect(page.locator('[data-check].passed')).toHaveCount(22);
    await examine(page);

    await drop(page, { ...whole, choice: { decision: 'return', comment: 'no' } });
    await expect(verdict).toContainText(words('verify_bad'));
    await expect(page.locator('[data-check].failed')).toHaveAttribute('data-check', 'decision');
    await expect(page.getByText('La secretaria')).toBeHidden();
    await examine(page);

    // The file field does the same, without a mouse.
    await page.getByLabel(words('verify_receipt')).setInputFiles(json('receipt.json', whole));
    await expect(verdict).toHaveText(words('verify_good'));
    await page.getByLabel(words('verify_relying_party')).fill('other.example');
    await page.getByLabel(words('verify_relying_party')).press('Enter');
    await expect(page.locator('[data-check].failed')).toHaveAttribute('data-check', 'relying_party');
    expect(asked, 'the page asked for something').toEqual([]);
    expect(troubles).toEqual([]);
    await context.close();
  });
}

test('the organisation is asked for its key at its register, and one without a key is said to have none', async ({ page, town, words }) => {
  await page.goto(`/verify?org=${town.slug}`);
  const { whole } = receipt('pregon.example');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await drop(page, whole);
  const verdict = page.getByRole('status');
  await expect(verdict).not.toHaveText(words('verify_working'));
  await expect(verdict).toHaveText(words('verify_register_without_key'));
  expect(asked).toEqual([`GET /${town.slug}/accounts.json`]);
  await page.getByLabel(words('verify_address')).fill('https://other.example/villa/');
  await page.getByRole('button', { name: words('verify_check'), exact: true }).click();
  await expect(verdict).toHaveText(words('verify_elsewhere'));
  await page.getByLabel(words('verify_address')).fill('no-such-town');
  await page.getByRole('button', { name: words('verify_check'), exact: true }).click();
  await expect(verdict).toHaveText(words('verify_no_register'));
});
