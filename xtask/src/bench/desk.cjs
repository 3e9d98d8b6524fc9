// What the scripts that measure the desk share: somebody signed in, a browser, and hands that press and type through the
// browser's own events. Nothing of ours runs in the page between an event and its frame but what counts; where something stands is
// asked before and after. They say where they are, and no wait of theirs is without an end: what it was for stands in the error.
const { chromium } = require(process.env.PLAYWRIGHT);

const engine = new URL(process.env.PREGON_URL);

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// A page that does not answer for so long answers no more: slowed four times, it is busy for a second at most.
const PATIENCE = 20_000;
// And so long a whole script may take, whatever it hangs in.
const LONGEST = 15 * 60_000;

let here = "nothing";

// Says where the script is.
function phase(text) {
  here = text;
  console.log(`… ${Math.round(performance.now() / 1_000)} s: ${text}`);
}

// What a promise brings, or an error that says what was waited for.
function within(milliseconds, what, promise) {
  let clock;
  const late = new Promise((_, refuse) => {
    clock = setTimeout(() => refuse(new Error(`after ${milliseconds / 1_000} s there is no ${what}; it was doing: ${here}`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(clock));
}

async function asked(cookie, method, path, body) {
  const headers = { origin: engine.origin, "x-pregon": "1", "content-type": "application/json", ...(cookie && { cookie }) };
  const signal = AbortSignal.timeout(3 * PATIENCE);
  const answer = await fetch(new URL(path, engine), { method, headers, body: body && JSON.stringify(body), signal });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

// The cookie of a member of the demo town.
async function signedIn(role) {
  const people = await (await asked(null, "GET", "/api/rehearsal/people")).json();
  const { member } = people.find((person) => person.role === role);
  const answer = await asked(null, "POST", "/api/rehearsal/sign-in", { member });
  return answer.headers.get("set-cookie").split(";")[0];
}

// Channels that somebody serves by hand, one on each of some networks; answers their identities.
async function channels(cookie, networks, handle) {
  const all = [];
  for (const [place, on] of networks.entries()) {
    const connect = { network: "assisted", on, channel: null, name: `Medida ${place + 1}`, handle: `${handle}${place + 1}`, address: null };
    all.push((await (await asked(cookie, "POST", "/api/channels", connect)).json()).channel.id);
  }
  return all;
}

const letters = "0123456789abcdefghjkmnpqrstvwxyz";
const newId = () => Array.from({ length: 26 }, (_, place) => letters[Math.floor(Math.random() * (place ? 32 : 8))]).join("");

// A page of the desk; `watch` runs in it before anything else does.
async function open(cookie, path, watch) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || undefined, args: ["--no-sandbox"] });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "es-ES", timezoneId: "Europe/Madrid" });
  const [name, value] = cookie.split(/=(.*)/s);
  await context.addCookies([{ name, value, domain: engine.hostname, path: "/", secure: true, httpOnly: true, sameSite: "Lax" }]);
  await context.addInitScript(() => {
    // A page that is none yet has no storage.
    try { localStorage.setItem("pregon.lang", "es"); } catch {}
  });
  if (watch) await context.addInitScript(watch);
  const page = await context.newPage();
  page.on("crash", () => console.log("✗ the page has crashed"));
  page.on("pageerror", (error) => console.log(`✗ the page has failed: ${error.message}`));
  const wire = await context.newCDPSession(page);
  phase(`opening ${path}`);
  await page.goto(new URL(path, engine).href);
  return { browser, page, hands: new Hands(page, wire), wire };
}

// Runs in the page, between two events: the middle of the first element that can be pressed where it stands, and the page's clock.
function spot(selector) {
  for (const one of document.querySelectorAll(selector)) {
    let box = one.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    if (box.top < 100 || box.bottom > innerHeight - 100) {
      one.scrollIntoView({ block: "center", behavior: "instant" });
      box = one.getBoundingClientRect();
    }
    const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height, 40) / 2];
    const hit = document.elementFromPoint(x, y);
    if (hit && one.contains(hit)) return { x, y, at: performance.now(), box: { left: box.left, top: box.top, right: box.right, bottom: box.bottom } };
  }
  return null;
}

class Hands {
  constructor(page, wire) {
    Object.assign(this, { page, wire, done: [] });
  }

  // What an expression is in the page.
  async value(expression) {
    const answer = this.wire.send("Runtime.evaluate", { expression, returnByValue: true });
    const { result, exceptionDetails } = await within(PATIENCE, `answer to ${expression.slice(0, 200)}`, answer);
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    return result.value;
  }

  async until(expression, what) {
    for (const began = Date.now(); Date.now() - began < PATIENCE; await pause(50)) {
      const found = await this.value(expression);
      if (found) return found;
    }
    const last = this.done.slice(-3).map(([name]) => name).join(", ");
    const [at, stands] = await this.value(`[location.href, (document.querySelector("dialog[open], main") ?? document.body).innerText.slice(0, 300)]`);
    throw new Error(`after ${PATIENCE / 1_000} s there is no ${what}, at ${at}; it was doing: ${here}; last: ${last}; there stands: ${stands}`);
  }

  there(selector) {
    return this.until(`!!document.querySelector(${JSON.stringify(selector)})`, selector);
  }

  spot(selector) {
    return this.until(`(${spot})(${JSON.stringify(selector)})`, `${selector} to be pressed`);
  }

  // Presses something, and waits for what that brings.
  async press(name, selector, wanted) {
    const { x, y, at } = await this.spot(selector);
    this.done.push([name, at]);
    await within(PATIENCE, `end of the press on ${name}`, this.page.mouse.click(x, y));
    await pause(150);
    if (wanted) await this.there(wanted);
    await pause(150);
  }

  async key(name, key, rest = 60) {
    this.done.push([name, await this.value("performance.now()")]);
    await within(PATIENCE, `end of the key of ${name}`, this.page.keyboard.press(key));
    await pause(rest);
  }

  // What was being done at a time of the page's clock.
  doing(at) {
    return this.done.findLast(([, begun]) => begun <= at + 1)?.[0] ?? "before";
  }
}

// The least number that so many of a hundred do not go beyond.
const share = (numbers, percent) => [...numbers].sort((one, other) => one - other)[Math.min(numbers.length - 1, Math.floor((numbers.length * percent) / 100))];

// Runs it, and ends whatever is still open. A browser that was not closed goes with this program.
const run = (script) => within(LONGEST, "end of all this", script()).then((said) => {
  console.log(JSON.stringify(said));
  process.exit(0);
}).catch((error) => {
  console.error(error);
  process.exit(1);
});

module.exports = { asked, channels, newId, open, pause, PATIENCE, phase, run, share, signedIn, within };
