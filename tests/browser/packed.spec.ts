// The programs go out as they were packed when they were built, and as they are to whoever cannot unpack them.
import { request as send } from 'node:http';
import { brotliDecompressSync } from 'node:zlib';
import { expect, test } from './town';

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer };

// Past the browser, which unpacks by itself and says nothing of it.
const ask = (address: URL, takes: string) =>
  new Promise<Answer>((resolve, reject) => {
    const asked = send(address, { headers: { 'accept-encoding': takes } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }));
    });
    asked.on('error', reject);
    asked.end();
  });

for (const page of ['/desk/', '/decide/']) {
  test(`what ${page} loads is packed, and whole`, async ({ request, baseURL }) => {
    const html = await (await request.get(page)).text();
    const names = [...new Set(html.match(/[\w-]+\.(?:wasm|js|css)\b/g))].filter((name) => /-[0-9a-f]{16}/.test(name));
    for (const ending of ['.wasm', '.js', '.css']) expect(names.some((name) => name.endsWith(ending)), ending).toBe(true);
    for (const name of names) {
      const address = new URL(`${page}${name}`, baseURL);
      const [packed, plain] = await Promise.all([ask(address, 'br'), ask(address, 'identity')]);
      expect([packed.status, plain.status], name).toEqual([200, 200]);
      expect([packed.headers['content-encoding'], plain.headers['content-encoding']], name).toEqual(['br', undefined]);
      expect(packed.headers['content-type'], name).toBe(plain.headers['content-type']);
      for (const header of ['content-security-policy', 'x-content-type-options', 'cache-control']) {
        expect(packed.headers[header], `${name}: ${header}`).toBe(plain.headers[header]);
      }
      expect(packed.headers['vary'], name).toMatch(/accept-encoding/i);
      expect(packed.body.length, name).toBeLessThan(plain.body.length);
      expect(brotliDecompressSync(packed.body).equals(plain.body), name).toBe(true);
    }
    // Of another build there is nothing, and no page stands for it.
    const missing = await ask(new URL(`${page}app-0000000000000000_bg.wasm`, baseURL), 'br');
    expect(missing.status).toBe(404);
  });
}
