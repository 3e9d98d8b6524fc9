// The first load as a clerk on an old machine and a thin line has it: Chromium with its CPU slowed four times, 1.6 Mbit/s
// and 150 ms, until the week can be read; and the same page again. With PAGE=decide, as the mayor has it who taps a notice
// on a phone, until the post that it names can be read; then the taps until her decision is taken. Prints one line of JSON.
//
// The engine sends the programs as they were packed. All else Cloudflare compresses on its way, so a small server in between
// does that here (brotli 5), and counts.
const http = require("node:http");
const zlib = require("node:zlib");
const { chromium } = require(process.env.PLAYWRIGHT);

const engine = new URL(process.env.PREGON_URL);
const DECIDING = process.env.PAGE === "decide";
const READABLE = DECIDING ? ".decision .destination .preview-text" : ".calendar .week .slip-heading";
// What is fetched while she reads: it draws what the rules say, and signs.
const WHOLE = DECIDING ? ".decision .findings-none, .decision .findings-box" : READABLE;
let bytes = 0;
const counted = [];

const packed = new Map();
const between = http.createServer((request, response) => {
  const headers = { ...request.headers, host: engine.host };
  headers["accept-encoding"] = "br";
  const onwards = http.request({ host: "127.0.0.1", port: engine.port, method: request.method, path: request.url, headers }, (answer) => {
    const parts = [];
    answer.on("data", (part) => parts.push(part));
    answer.on("end", () => {
      let body = Buffer.concat(parts);
      const out = { ...answer.headers };
      delete out["transfer-encoding"];
      delete out["content-length"];
      if (body.length > 0 && !out["content-encoding"] && /text|json|javascript|wasm|svg|manifest/.test(out["content-type"] ?? "")) {
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

async function visit(context, address) {
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await wire.send("Network.enable");
  await wire.send("Network.emulateNetworkConditions", {
    offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 1.6e6 / 8,
  });
  await page.addInitScript((readable) => {
    // Readable is what was painted: a message that is sent in the frame that draws it comes after that frame.
    const painted = () => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (window.readableAt = performance.now());
      requestAnimationFrame(() => port2.postMessage(0));
    };
    const look = (_, observer) => {
      if (!document.querySelector(readable)) return;
      window.drawnAt = performance.now();
      painted();
      observer.disconnect();
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  }, READABLE);
  bytes = 0;
  counted.length = 0;
  const [began, clock] = [performance.now(), Date.now()];
  await page.goto(address, { waitUntil: "commit" });
  await page.waitForFunction(() => window.readableAt, null, { timeout: 120_000 });
  await page.waitForSelector(WHOLE, { timeout: 120_000 });
  const whole = { time: performance.now() - began, bytes };
  // What was asked for once it was drawn was not waited for, however soon after.
  const later = await page.evaluate(() => {
    const asked = performance.getEntriesByType("resource").filter((entry) => entry.startTime > window.drawnAt);
    return asked.map(({ name }) => new URL(name).pathname);
  });
  // By the page's own clock: it may be busy with what comes next when somebody outside asks it.
  const time = await page.evaluate((clock) => performance.timeOrigin - clock + window.readableAt, clock);
  const steps = await page.evaluate(happened, clock);
  const requests = counted.filter(([url]) => !later.includes(url.split("?")[0]));
  const sum = requests.reduce((all, [, length]) => all + length, 0);
  // The service worker fills its cache after the page stands.
  await page.waitForTimeout(6_000);
  await page.close();
  return { time, bytes: sum, requests, whole, steps };
}

// Runs in the page: what happened when, in milliseconds since the visit began: from when until when.
function happened(clock) {
  const since = performance.timeOrigin - clock;
  const steps = [["the page is asked for", 0, since]];
  for (const entry of [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]) {
    if (entry.startTime > window.readableAt) continue;
    if (entry.workerStart > 0 && entry.entryType === "navigation") steps.push(["the service worker is started", since + entry.workerStart, since + entry.fetchStart]);
    const kept = entry.transferSize === 0 ? " (kept)" : "";
    steps.push([new URL(entry.name).pathname + kept, since + entry.startTime, since + (entry.responseEnd || window.readableAt)]);
  }
  for (const { name, startTime } of performance.getEntriesByType("paint")) steps.push([name, since + startTime, since + startTime]);
  steps.push(["readable", since + window.readableAt, since + window.readableAt]);
  return steps.map(([what, from, until]) => [what, Math.round(from), Math.round(until)]).sort((one, other) => one[1] - other[1]);
}

// Every tap of a person, from the notice to the decision that the engine has taken, and what that one request cost.
async function decide(context, address) {
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send("WebAuthn.enable");
  await wire.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await page.goto(new URL("/decide/", address).href);
  await page.evaluate(async () => {
    const ask = async (path, body) => {
      const headers = { "x-pregon": "1", "content-type": "application/json" };
      return (await fetch(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
    };
    const { challenge, options } = await ask("/api/enrolments/options", { by: "session" });
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const credential = await navigator.credentials.create({ publicKey });
    await ask("/api/enrolments", { challenge, credential: credential.toJSON(), label: "phone" });
  });
  // What was kept before there was a passkey asks for none.
  await Promise.all([page.waitForResponse(/api\/deciding/), page.reload()]);
  await page.waitForSelector(WHOLE);
  let taps = 0;
  const tap = async (act) => { taps += 1; await act(); };
  const taken = page.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().endsWith("/decisions"), { timeout: 120_000 });
  await tap(() => page.goto(address));
  await page.waitForSelector(READABLE);
  await tap(() => page.click(".decision-buttons .primary"));
  const answer = await taken;
  const signed = JSON.parse(answer.request().postData()).signed?.statement !== undefined;
  const [queries, trips] = (answer.headers()["x-pregon-spent"] ?? "").split(";").map((pair) => Number(pair.split("=")[1]));
  await page.close();
  // Anything but a signed decision that was taken is no measure.
  return answer.ok() && signed ? { taps, queries, trips } : {};
}

(async () => {
  await new Promise((ready) => between.listen(0, "127.0.0.1", ready));
  const origin = `http://localhost:${between.address().port}`;
  const post = (path, body) => fetch(new URL(path, engine), {
    method: "POST", headers: { origin: engine.origin, "x-pregon": "1", "content-type": "application/json" }, body: JSON.stringify(body),
  });
  const people = await (await fetch(new URL("/api/rehearsal/people", engine))).json();
  const signed = await post("/api/rehearsal/sign-in", { member: people.find((person) => person.role === (DECIDING ? "approver" : "administrator")).member });
  const [name, value] = signed.headers.get("set-cookie").split(";")[0].split(/=(.*)/s);
  let address = `${origin}/desk/calendar`;
  if (DECIDING) {
    const waiting = await (await fetch(new URL("/api/deciding", engine), { headers: { cookie: `${name}=${value}` } })).json();
    address = `${origin}/decide/?post=${waiting.items[0].post}`;
  }
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || undefined, args: ["--no-sandbox"] });
  const results = [];
  let decision = {};
  for (let turn = 0; turn < 3; turn++) {
    const context = await browser.newContext();
    await context.addCookies([{ name, value, url: origin, secure: true, httpOnly: true, sameSite: "Lax" }].map(({ url, ...cookie }) => ({ ...cookie, domain: "localhost", path: "/" })));
    const first = await visit(context, address);
    const again = await visit(context, address);
    // Not through the server in between: a passkey knows its site.
    if (DECIDING && turn === 2) decision = await decide(context, address.replace(origin, engine.origin));
    results.push({ first, again });
    await context.close();
  }
  await browser.close();
  between.close();
  results.sort((one, other) => one.first.time - other.first.time);
  const middle = results[1];
  const again = results.map((result) => result.again).sort((one, other) => one.time - other.time)[1];
  const steps = { "first visit": middle.first.steps, "second visit": again.steps };
  console.log(JSON.stringify({ first: middle.first.time, again: again.time, steps, bytes: middle.first.bytes, whole: middle.first.whole, requests: middle.first.requests, ...decision }));
  process.exit(0);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
