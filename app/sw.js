// The desk without a network: keeps the shell (the page and the files it names), and every other file once a page needed
// it, under this build's own name, so that an update never mixes with what was there. `cargo xtask` fills the two blanks. It never sees /api: its scope is
// /desk/, and what a page knows of the engine is the page's business.
importScripts("push.js");

const CACHE = "pregon-__BUILD__";
const SHELL = "/desk/";
const FILES = __FILES__;
// Of one content for ever: sixteen hexadecimal digits in the name.
const HASHED = /-[0-9a-f]{16}[._]/;

// Where the browser can, it finds the shell by itself and leaves /api alone, without asking this script first: on an old
// machine that takes longer than reading a file. Only the shell: what is not in the cache it would fetch and not keep.
async function routed(event) {
  const routes = [
    { condition: { urlPattern: { pathname: "/api/*" } }, source: "network" },
    { condition: { or: FILES.map((name) => ({ urlPattern: { pathname: SHELL + name } })) }, source: { cacheName: CACHE } },
  ];
  // Whoever does not know of routes asks this script, as before.
  await event.addRoutes?.(routes);
}

self.addEventListener("install", (event) => {
  const wanted = [SHELL, ...FILES.map((name) => SHELL + name)];
  // `reload`: past the browser's own cache, or a stale page could be kept under a new name.
  const fresh = wanted.map((url) => new Request(url, { cache: url === SHELL ? "reload" : "default" }));
  const kept = caches.open(CACHE).then((cache) => cache.addAll(fresh));
  event.waitUntil(Promise.all([kept, routed(event).catch(() => undefined)]));
});

self.addEventListener("activate", (event) => {
  const others = (names) => names.filter((name) => name.startsWith("pregon-") && name !== CACHE);
  const forget = caches.keys().then((names) => Promise.all(others(names).map((name) => caches.delete(name))));
  // The page is asked for while this script is still being started.
  const early = self.registration.navigationPreload?.enable();
  event.waitUntil(Promise.all([forget, early]).then(() => self.clients.claim()));
});

// A new version waits until the person says so: a page that is being written on is not changed under their hands.
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || !url.pathname.startsWith(SHELL)) return;
  if (request.mode === "navigate") {
    // The network first, so that nobody sees a stale page; the kept one when there is no network.
    const asked = event.preloadResponse?.then((answer) => answer ?? fetch(request)) ?? fetch(request);
    event.respondWith(asked.catch(() => caches.match(SHELL, { cacheName: CACHE })));
    return;
  }
  // Files carry a hash of their content in their names: what is kept under a name is that file.
  event.respondWith(caches.match(request, { cacheName: CACHE }).then((kept) => kept ?? fetched(request)));
});

async function fetched(request) {
  const answer = await fetch(request);
  if (answer.ok && HASHED.test(request.url)) {
    const copy = answer.clone();
    const cache = await caches.open(CACHE);
    // A full disk must not cost the page the file that it has got.
    await cache.put(request, copy).catch(() => {});
  }
  return answer;
}
