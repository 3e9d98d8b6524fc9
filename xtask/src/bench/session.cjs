// A busy person's session, without the pauses in which they think: Chromium with its CPU slowed four times, six rounds through the
// desk. How long each press and key took until the next paint, by the browser's own count; the longest task; and what is held in
// memory after the first round and after the last. One line of JSON.
const { asked, open, pause, PATIENCE, phase, run, signedIn, within } = require("./desk.cjs");

const ROUNDS = 6;

// Runs in the page, before anything else does.
function watch() {
  const bench = (window.bench = { interactions: new Map(), tasks: [], memories: new Set() });
  new PerformanceObserver((list) => {
    for (const { interactionId, startTime, duration, name } of list.getEntries()) {
      if (interactionId && !(bench.interactions.get(interactionId)?.duration >= duration)) {
        bench.interactions.set(interactionId, { startTime, duration, name });
      }
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) bench.tasks.push({ startTime, duration });
  }).observe({ type: "longtask", buffered: true });
  // How much the program holds, only its own memory says.
  for (const way of ["instantiate", "instantiateStreaming"]) {
    const real = WebAssembly[way].bind(WebAssembly);
    WebAssembly[way] = async (...given) => {
      const made = await real(...given);
      const found = Object.values((made.instance ?? made).exports).filter((one) => one instanceof WebAssembly.Memory);
      found.forEach((memory) => bench.memories.add(memory));
      return made;
    };
  }
}

run(async () => {
  const administrator = await signedIn("administrator");
  const { browser, hands, wire } = await open(administrator, "/desk/calendar", watch);
  await hands.there(".week .slip");
  await pause(2_000);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: 4 });

  const view = (place) => `.calendar-views button:nth-child(${place})`;
  const turn = (place) => `.calendar-turn button:nth-child(${place})`;
  const link = (path) => `.bar-link[href="${path}"]`;
  const type = async (name, keys, rest) => {
    for (const key of keys) await hands.key(name, key, rest);
  };
  const shut = async (name) => {
    await hands.key(name, "Escape", 150);
    await hands.there("body:not(:has(dialog[open]))");
  };
  // Everything that one does at a desk, once.
  const round = async (number) => {
    const done = hands.done.length;
    phase(`round ${number} of ${ROUNDS}: calendar`);
    await hands.press("month", view(1), ".month .line");
    await hands.press("next month", turn(3));
    await hands.press("month before", turn(1), ".month .line");
    await hands.press("list", view(4), ".agenda-days .slip");
    await hands.press("lanes", view(5), "table.lanes");
    await hands.press("day", view(3), ".hour");
    await hands.press("week", view(2), ".week");
    await hands.press("today", turn(2), ".week .slip");
    await hands.press("search", ".calendar-finding input");
    await type("search, a letter", ["p", "l", "e"]);
    await type("search, a letter less", ["Backspace", "Backspace", "Backspace"]);
    await hands.press("filters", ".calendar-finding .toggle", ".sieve .check");
    await hands.press("a filter", ".sieve .check");
    await hands.press("no filter", ".sieve .check");
    await hands.press("filters away", ".calendar-finding .toggle", "#sieve[hidden]");
    await hands.press("deeds", ".week .slip .menu button", "#deeds:popover-open a");
    await hands.key("deeds away", "Escape", 150);
    await hands.press("note", ".calendar-finding button:nth-of-type(2)", "dialog[open] input");
    await hands.press("note, its field", "dialog[open] input");
    await type("note, a letter", ["f", "e", "r", "i", "a"]);
    await shut("note away");
    await hands.press("calendar out", ".calendar-finding button:nth-of-type(4)", "dialog[open] .dialog-body");
    await shut("calendar out, away");
    await hands.press("next week", turn(3), ".week .slip-movable .slip-heading");
    await hands.press("a post", ".week .slip-movable .slip-heading", "article.post");
    // As the browser's own button does, which no page is told of.
    await hands.value("history.back()");
    await hands.there(".week .slip-movable");
    await pause(300);
    phase(`round ${number} of ${ROUNDS}: composer`);
    await hands.press("composer", link("/desk/posts/new"), "#text-es");
    await hands.press("heading", "#title-es");
    await type("heading, a letter", ["P", "l", "e", "n", "o"]);
    await hands.press("text", "#text-es");
    await type("text, a letter", [..."Hay pleno hoy."]);
    await hands.press("a destination", ".variant .toggle");
    await hands.press("the destination again", ".variant .toggle");
    await hands.there('.saved[data-hue="good"]');
    const [, post] = /posts\/([^/]+)\/edit/.exec(await hands.value("location.pathname"));
    phase(`round ${number} of ${ROUNDS}: approvals, library and the rest`);
    await hands.press("approvals", link("/desk/approvals"), ".approvals");
    await hands.press("library", link("/desk/library"), ".library-grid");
    await hands.press("library, its field", ".library-filters input");
    await type("library, a letter", ["p", "l", "a"]);
    await pause(700);
    await type("library, a letter less", ["Backspace", "Backspace", "Backspace"]);
    await hands.press("tasks", link("/desk/tasks"), ".tasks");
    await hands.press("plan", link("/desk/plan"));
    // Else each round would leave one more in the tray, and more that is shown is nothing that was kept by mistake.
    const { version } = (await (await asked(administrator, "GET", `/api/posts/${post}`)).json()).post;
    await asked(administrator, "POST", `/api/posts/${post}/cancellation`, { version, reason: "Era una medida." });
    await hands.press("channels", link("/desk/channels"));
    await hands.press("home", link("/desk/"), ".home");
    await hands.press("calendar", link("/desk/calendar"), ".week .slip");
    phase(`round ${number} of ${ROUNDS} is done, ${hands.done.length - done} presses and keys`);
  };

  // What is done to look is not of the session.
  const aside = [];
  const memory = async () => {
    const began = await hands.value("performance.now()");
    await pause(1_000);
    const told = (method) => within(3 * PATIENCE, `answer to ${method}`, wire.send(method));
    for (let time = 0; time < 2; time++) await told("HeapProfiler.collectGarbage");
    const { usedSize } = await told("Runtime.getHeapUsage");
    const { nodes, jsEventListeners } = await told("Memory.getDOMCounters");
    const program = await hands.value("[...bench.memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0)");
    if (program === 0) throw new Error("the memory of the program was not seen");
    await pause(300);
    aside.push([began, await hands.value("performance.now()")]);
    const held = { heap: usedSize, nodes, listeners: jsEventListeners, program };
    phase(`in memory: ${JSON.stringify(held)}`);
    return held;
  };
  let first;
  for (let turned = 0; turned < ROUNDS; turned++) {
    await round(turned + 1);
    first ??= await memory();
  }
  const last = await memory();
  const { interactions, tasks } = await hands.value("({ interactions: [...bench.interactions.values()], tasks: bench.tasks })");
  await within(PATIENCE, "end of the browser", browser.close());

  const begun = hands.done[0][1];
  const is_ours = ({ startTime }) => startTime >= begun - 1 && !aside.some(([from, until]) => startTime >= from && startTime <= until);
  const worst = (all) => all.filter(is_ours).sort((one, other) => other.duration - one.duration);
  const told = (all) => all.slice(0, 12).map(({ startTime, duration, name }) => `${hands.doing(startTime)}${name ? ` (${name})` : ""} ${Math.round(duration)}`);
  const [slow, long] = [worst(interactions), worst(tasks)];
  for (const [what, all] of [["interactions", slow], ["tasks", long]]) console.log(`the longest ${what}, in ms: ${told(all).join("; ")}`);
  const many = hands.done.length;
  // What is shorter than 16 ms the browser does not tell of.
  const paint = slow[Math.floor(many / 50)]?.duration ?? 16;
  const grown = Object.fromEntries(Object.keys(first).map((what) => [what, (100 * (last[what] - first[what])) / first[what]]));
  return { many, paint, task: long[0]?.duration ?? 0, grown, first, last };
});
