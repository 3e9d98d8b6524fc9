// The first load as a clerk on an old machine and a thin line has it: Chromium with its CPU slowed four times, 1.6 Mbit/s
// and 150 ms, until the week can be read; and the same page again. Prints one line of JSON.
//
// The engine on this machine sends files as they are. Cloudflare compresses them on their way, so a small server in
// between does that here (brotli 5), and counts.
const http = require("node:http");
const zlib = require("node:zlib");
const { chromium } = require(process.env.PLAYWRIGHT);

const engine = new URL(process.env.PREGON_URL);
const READABLE = ".calendar .week .slip-heading";
let bytes = 0;
const counted = [];

const packed = new Map();
const between = http.createServer((request, response) => {
  const headers = { ...request.headers, host: engine.host };
  delete headers["accept-encoding"];
  const onwards = http.request({ host: "127.0.0.1", port: engine.port, method: request.method, path: request.url, headers }, (answer) => {
    const parts = [];
    answer.on("data", (part) => parts.push(part));
    answer.on("end", () => {
      let body = Buffer.concat(parts);
      const out = { ...answer.headers };
      delete out["transfer-encoding"];
      delete out["content-length"];
      if (body.length > 0 && /text|json|javascript|wasm|svg|manifest/.test(out["content-type"] ?? "")) {
        const key = request.url + body.length;
        if (!packed.has(key)) packed.set(key, zlib.brotliCompressSync(body, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } }));
        body = packed.get(key);
        out["content-encoding"] = "br";
      }
      bytes += body.length;
      counted.push([request.url, body.length]);
      response.writeHead(answer.statusCode, out);
      response.end(body);
    });
  });
  onwards.on("error", () => response.destroy());
  request.pipe(onwards);
});

async function visit(context, origin) {
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await wire.send("Network.enable");
  await wire.send("Network.emulateNetworkConditions", {
    offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 1.6e6 / 8,
  });
  bytes = 0;
  counted.length = 0;
  const began = performance.now();
  await page.goto(`${origin}/desk/calendar`, { waitUntil: "commit" });
  await page.waitForSelector(READABLE, { timeout: 120_000 });
  const time = performance.now() - began;
  const sum = bytes;
  const requests = [...counted];
  // The service worker fills its cache after the page stands.
  await page.waitForTimeout(6_000);
  await page.close();
  return { time, bytes: sum, requests };
}

(async () => {
  await new Promise((ready) => between.listen(0, "127.0.0.1", ready));
  const origin = `http://localhost:${between.address().port}`;
  const post = (path, body) => fetch(new URL(path, engine), {
    method: "POST", headers: { origin: engine.origin, "x-pregon": "1", "content-type": "application/json" }, body: JSON.stringify(body),
  });
  const people = await (await fetch(new URL("/api/rehearsal/people", engine))).json();
  const signed = await post("/api/rehearsal/sign-in", { member: people.find((person) => person.role === "administrator").member });
  const [name, value] = signed.headers.get("set-cookie").split(";")[0].split(/=(.*)/s);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || undefined, args: ["--no-sandbox"] });
  const results = [];
  for (let turn = 0; turn < 3; turn++) {
    const context = await browser.newContext();
    await context.addCookies([{ name, value, url: origin, secure: true, httpOnly: true, sameSite: "Lax" }].map(({ url, ...cookie }) => ({ ...cookie, domain: "localhost", path: "/" })));
    const first = await visit(context, origin);
    const again = await visit(context, origin);
    results.push({ first, again });
    await context.close();
  }
  await browser.close();
  between.close();
  results.sort((one, other) => one.first.time - other.first.time);
  const middle = results[1];
  const again = results.map((result) => result.again.time).sort((one, other) => one - other)[1];
  console.log(JSON.stringify({ first: middle.first.time, again, bytes: middle.first.bytes, requests: middle.first.requests }));
  process.exit(0);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
