// The service worker of the installed app: shows what is pushed, opens what it is about, and one page without a network.
"use strict";

const KEPT = "jishi-offline-1";
const OFFLINE = "/offline/";

self.addEventListener("install", (event) => {
  event.waitUntil(keepOffline().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => self.clients.claim()));
});

self.addEventListener("push", (event) => {
  event.waitUntil(show(read(event.data)));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

// No page of ours is kept: what a matter says is read from the server or not at all.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  else if (request.destination === "style") event.respondWith(fetch(request).catch(() => caches.match(request)));
});

/** The page without a network, and the style sheets that it names. */
async function keepOffline() {
  const cache = await caches.open(KEPT);
  const page = await fetch(OFFLINE, { cache: "reload" });
  if (!page.ok) return;
  const text = await page.clone().text();
  const sheets = [...text.matchAll(/rel="stylesheet" href="(\/[^"]+)"/g)].map((found) => found[1]);
  await cache.put(OFFLINE, page);
  await cache.addAll(sheets);
}

async function dropOld() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("jishi-") && name !== KEPT).map((name) => caches.delete(name)));
}

function read(data) {
  try {
    return data ? data.json() : {};
  } catch {
    return {};
  }
}

/** A later message about the same matter takes the place of the one before, and says so. */
function show(said) {
  return self.registration.showNotification(said.title || "基石 Jishi", {
    body: said.body || "",
    tag: said.tag || "jishi",
    renotify: true,
    requireInteraction: said.red === true,
    icon: "/static/base/app-192.png",
    data: said.url || "/",
  });
}

/** Only ever a page of ours, wherever the link was made for. */
async function open(link) {
  const asked = new URL(link, self.location.origin);
  const address = new URL(asked.pathname + asked.search, self.location.origin).href;
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((each) => each.url === address);
  return there ? there.focus() : self.clients.openWindow(address);
}
