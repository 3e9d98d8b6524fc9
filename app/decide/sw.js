// The approver's page without a network: its shell, its pictures, and its decisions on their way while it is closed.
// `cargo xtask` fills the blanks. Separate from the desk's: another scope, and a page that must open at once, so the kept
// shell comes first and a new version takes over when the browser has it.
"__KEEP__";
const CACHE = "decide-__BUILD__";
const SHELL = "/decide/";
const FILES = __FILES__;
const PICTURES = "/api/media/";

// Where the browser can, it finds what is named here without asking this script first.
async function routed(event) {
  await event.addRoutes?.([
    { condition: { urlPattern: { pathname: `${PICTURES}*` } }, source: "fetch-event" },
    { condition: { urlPattern: { pathname: "/api/*" } }, source: "network" },
    // From the home screen. What a notice named stands behind `?`, and is another address to a cache.
    { condition: { urlPattern: { pathname: SHELL, search: "" } }, source: { cacheName: CACHE } },
    { condition: { or: FILES.map((name) => ({ urlPattern: { pathname: SHELL + name } })) }, source: { cacheName: CACHE } },
  ]);
}

self.addEventListener("install", (event) => {
  const wanted = [SHELL, ...FILES.map((name) => SHELL + name)];
  const fresh = wanted.map((url) => new Request(url, { cache: url === SHELL ? "reload" : "default" }));
  const kept = caches.open(CACHE).then((cache) => cache.addAll(fresh));
  event.waitUntil(Promise.all([kept, routed(event).catch(() => undefined)]));
});

self.addEventListener("activate", (event) => {
  const others = (names) => names.filter((name) => name.startsWith("decide-") && name !== CACHE);
  const forget = caches.keys().then((names) => Promise.all(others(names).map((name) => caches.delete(name))));
  event.waitUntil(forget.then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith(PICTURES)) {
    const kept = self.pregonKeep.picture(url.pathname.slice(PICTURES.length));
    event.respondWith(kept.then((picture) => picture ?? fetch(request)));
  } else if (request.mode === "navigate" && url.pathname === SHELL) {
    // Whichever post the address names, the page is the same.
    event.respondWith(caches.match(SHELL, { cacheName: CACHE }).then((page) => page ?? fetch(request)));
  } else if (url.pathname.startsWith(SHELL)) {
    event.respondWith(caches.match(request, { cacheName: CACHE }).then((file) => file ?? fetch(request)));
  }
});

self.addEventListener("sync", (event) => {
  // A promise that fails has the browser try again later.
  if (event.tag === "decisions") event.waitUntil(self.pregonKeep.send().then((whole) => whole || Promise.reject()));
});
