// Typing in the composer on an old machine: Chromium with its CPU slowed four times; a post of four networks in two languages, with a
// long text to which every rule has something to say. Of each key: what its letter brings about at once, and the frame in which that
// is painted; not the time in between, in which nothing is done. One line of JSON.
const { asked, channels, newId, open, pause, phase, run, share, signedIn } = require("./desk.cjs");

const NETWORKS = ["facebook", "threads", "linkedin", "x"];
const KEYS = 200;
const EVERY = 60;

// 400 characters, with what rules look for: capitals, hashtags, a bare address, a long sentence, a telephone.
const TEXT = {
  es: "Este sábado celebramos la FERIA DEL LIBRO en la plaza mayor, con más de veinte librerías, cuentacuentos para los más pequeños, firmas de autoras de la comarca y un recital que cerrará la tarde junto al ayuntamiento, si el tiempo lo permite y no sopla el viento. Programa en www.villaserena.example #feriadellibro #leer #libros. Información en el 600 123 456. ¡Os esperamos a todas y a todos desde las diez! ",
  en: "This Saturday we hold the BOOK FAIR in the main square, with more than twenty bookshops, stories for the youngest ones, authors of the county who sign their books, and a reading that ends the afternoon beside the town hall, if the weather allows it and the wind does not blow. Programme at www.villaserena.example #bookfair #reading #books. Ask us at 600 123 456. We are looking forward to seeing you all from ten! ",
};

// Runs in the page, before anything else does.
function watch() {
  const bench = (window.bench = { keys: [], tasks: [] });
  // A message comes after what is being done, and after the frame if it is sent in one.
  const after = (done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done(performance.now());
    };
    port2.postMessage(0);
  };
  addEventListener("input", ({ target }) => {
    if (target.id !== "text-es") return;
    const [key, at] = [{}, performance.now()];
    bench.keys.push(key);
    after((now) => (key.handled = now - at));
    requestAnimationFrame(() => {
      const begun = performance.now();
      after((now) => (key.painted = now - begun));
    });
  }, true);
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => bench.tasks.push(duration))).observe({ type: "longtask" });
}

run(async () => {
  const [administrator, author] = [await signedIn("administrator"), await signedIn("author")];
  const all = await channels(administrator, NETWORKS, "@medida_teclas");
  const post = newId();
  const targets = all.map((channel) => ({ channel, languages: ["es", "en"] }));
  const content = { kind: "routine", titles: { es: "Feria del libro", en: "Book fair" }, texts: TEXT, targets };
  await asked(author, "PUT", `/api/posts/${post}`, { version: 0, content });
  const { browser, page, hands, wire } = await open(author, `/desk/posts/${post}/edit`, watch);
  const on = "document.querySelectorAll('.variant .toggle[aria-pressed=\"true\"]').length";
  await hands.until(`${on} === ${NETWORKS.length * 2}`, "eight versions");
  await hands.press("text", "#text-es");
  await hands.key("to its end", "Control+End");
  await pause(2_000);
  await wire.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  phase(`typing ${KEYS} keys`);
  const letters = "Luego hay chocolate con churros en el mercado. ";
  // The first ones bring what is fetched once, and are not counted.
  for (let key = -10; key < KEYS; key++) {
    if (key === 0) await hands.value("bench.keys.length = bench.tasks.length = 0");
    const next = performance.now() + EVERY;
    await page.keyboard.press(letters[(key + 10) % letters.length]);
    await pause(Math.max(0, next - performance.now()));
  }
  await pause(500);
  const { keys, tasks } = await hands.value("bench");
  const length = await hands.value("document.querySelector('#text-es').value.length");
  await browser.close();
  if (keys.length !== KEYS) throw new Error(`${keys.length} of ${KEYS} keys were seen`);
  const of = (what) => keys.map((key) => Math.round(10 * what(key)) / 10);
  const work = of(({ handled, painted }) => handled + painted);
  const halves = Object.fromEntries(["handled", "painted"].map((part) => [part, share(of((key) => key[part]), 50)]));
  return { half: share(work, 50), most: share(work, 98), ...halves, task: Math.max(0, ...tasks), length };
});
