// Notices on this device: shown when a push comes, and where a tap leads. A file of its own, because every service worker
// of ours loads it (`importScripts`), whatever its scope. What comes is sealed by the engine for this browser alone.
// Every push must show something: a browser that sees one pass in silence takes the permission back.
const HOME = "/desk/";

function read(event) {
  try {
    return event.data?.json() ?? {};
  } catch {
    return {}; // Not of ours, or cut: something waits all the same.
  }
}

self.addEventListener("push", (event) => {
  const { title = "Pregón", body = "", url = HOME, tag, lang } = read(event);
  const options = { body, tag, lang, renotify: Boolean(tag), data: { url }, icon: "/desk/icon-192.png", badge: "/desk/icon-192.png" };
  event.waitUntil(self.registration.showNotification(title, options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url ?? HOME));
});

async function open(path) {
  const address = new URL(path, self.location.origin);
  // A push is not a link to anywhere.
  const to = address.origin === self.location.origin ? address.href : new URL(HOME, self.location.origin).href;
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((window) => window.url === to);
  if (there) return there.focus();
  // The desk's windows stay the desk's, and the approver's page its own; and one in which somebody may be writing is left
  // as it is.
  const at = (window) => new URL(window.url ?? window).pathname;
  const entry = (window) => at(window).split("/")[1];
  const free = windows.find((window) => entry(window) === entry(to) && !/\/(edit|new)$/.test(at(window)));
  try {
    const moved = await free?.navigate(to);
    if (moved) return await moved.focus();
  } catch {
    // Only a window of this very worker can be moved: another one gets company.
  }
  return self.clients.openWindow(to);
}

// Whoever signs out on this device is told nothing on it any more.
self.addEventListener("message", (event) => {
  if (event.data !== "signed out") return;
  event.waitUntil(self.registration.pushManager?.getSubscription().then((subscription) => subscription?.unsubscribe()));
});
