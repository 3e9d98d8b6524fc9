// A push service on this machine and the keys of a browser that listens to it: what the engine sends is checked (RFC 8292)
// and opened (RFC 8291) here, by Node's own cryptography, and can then be handed to the real service worker.
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';

export interface Opened {
  /** What the device shows, as the engine wrote it. */
  text: string;
  /** The claims of the token. */
  claims: { aud: string; exp: number; sub: string };
  headers: Record<string, string>;
}

export class PushService {
  private readonly keys = createECDH('prime256v1');
  private readonly auth = randomBytes(16);
  private readonly waiting: ((opened: Opened) => void)[] = [];
  private readonly came: Opened[] = [];
  private constructor(private readonly server: Server) {
    this.keys.generateKeys();
  }

  static async start(): Promise<PushService> {
    const server = createServer();
    const service = new PushService(server);
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        response.writeHead(201).end();
        const opened = service.open(Buffer.concat(parts), request.headers as Record<string, string>);
        const next = service.waiting.shift();
        if (next) next(opened);
        else service.came.push(opened);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return service;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get subscription() {
    const base64 = (bytes: Buffer) => bytes.toString('base64url');
    return { endpoint: `${this.origin}/device`, keys: { p256dh: base64(this.keys.getPublicKey()), auth: base64(this.auth) } };
  }

  /** The next push, or one that came already. */
  next(): Promise<Opened> {
    const here = this.came.shift();
    return here ? Promise.resolve(here) : new Promise((done) => this.waiting.push(done));
  }

  stop() {
    this.server.close();
  }

  private open(body: Buffer, headers: Record<string, string>): Opened {
    const [salt, length] = [body.subarray(0, 16), body[20]];
    const theirs = body.subarray(21, 21 + length);
    const sealed = body.subarray(21 + length);
    const derived = (key: Buffer, salt: Buffer, info: Buffer | string, size: number) => Buffer.from(hkdfSync('sha256', key, salt, info, size));
    const about = Buffer.concat([Buffer.from('WebPush: info\0'), this.keys.getPublicKey(), theirs]);
    const input = derived(this.keys.computeSecret(theirs), this.auth, about, 32);
    const key = derived(input, salt, 'Content-Encoding: aes128gcm\0', 16);
    const nonce = derived(input, salt, 'Content-Encoding: nonce\0', 12);
    const cipher = createDecipheriv('aes-128-gcm', key, nonce);
    cipher.setAuthTag(sealed.subarray(-16));
    const opened = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
    const text = opened.subarray(0, opened.lastIndexOf(2)).toString();
    return { text, claims: this.claims(headers.authorization), headers };
  }

  private claims(authorization: string): Opened['claims'] {
    const [, token, point] = /^vapid t=([^,]+), k=(.+)$/.exec(authorization)!;
    const [head, claims, signature] = token.split('.');
    const bytes = Buffer.from(point, 'base64url');
    const jwk = { kty: 'EC', crv: 'P-256', x: bytes.subarray(1, 33).toString('base64url'), y: bytes.subarray(33).toString('base64url') };
    const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' as const };
    if (!verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'))) throw new Error('a bad signature');
    return JSON.parse(Buffer.from(claims, 'base64url').toString());
  }
}

/** The browser's own push service cannot be reached from a test: its answer is given in its place, and all else is real. */
export async function subscribesAt(page: Page, service: PushService) {
  await page.addInitScript((given) => {
    let standing: object | null = null;
    const subscription = { ...given, toJSON: () => given, unsubscribe: async () => ((standing = null), true) };
    PushManager.prototype.subscribe = async (options) => {
      const key = new Uint8Array(options!.applicationServerKey as ArrayBuffer);
      if (key.length !== 65 || key[0] !== 4 || !options!.userVisibleOnly) throw new Error('no key of an organisation');
      standing = subscription;
      return subscription as unknown as PushSubscription;
    };
    PushManager.prototype.getSubscription = async () => standing as PushSubscription | null;
  }, service.subscription);
}

/** Hands a push to the real service worker, as the browser would when one comes. */
export async function deliver(page: Page, text: string) {
  const protocol = await page.context().newCDPSession(page);
  const registration = new Promise<string>((done) => {
    protocol.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find((one) => one.scopeURL.endsWith('/desk/'));
      if (own) done(own.registrationId);
    });
  });
  await protocol.send('ServiceWorker.enable');
  await protocol.send('ServiceWorker.deliverPushMessage', { origin: new URL(page.url()).origin, registrationId: await registration, data: text });
}
