import { all, on, one } from "./dom";

type Item = { id: number; title: string; about: string; url: string; grade: number; read: string };
type Answer = { unread: number; newest: number; items: Item[]; stream: string };

const RED = 1;
const SHORTEST = 15_000;
const LONGEST = 120_000;

let bell: HTMLElement | null = null;
let newest = 0;
let stream: EventSource | null = null;
let timer = 0;
let pause = SHORTEST;
let failures = 0;

/** The bell follows what comes in: by the live stream, or by asking now and then where there is none. */
export function startNotices(): void {
  on("click", "a[data-read]", (link) => markRead(link.dataset["read"] ?? ""));
  on("auxclick", "a[data-read]", (link, event) => {
    if (event.button === 1) markRead(link.dataset["read"] ?? "");
  });
  bell = one("[data-bell]");
  if (!bell) return;
  newest = Number(bell.dataset["newest"]);
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : void ask()));
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) void ask();
  });
  if (!document.hidden) listen(bell.dataset["stream"] ?? "");
}

/** A hidden page hears nothing and asks nothing. */
function rest(): void {
  stream?.close();
  stream = null;
  clearTimeout(timer);
}

function listen(address: string): void {
  rest();
  failures = 0;
  if (!address) return later();
  stream = new EventSource(address);
  stream.addEventListener("notice", (event) => {
    pause = SHORTEST;
    failures = 0;
    const told = JSON.parse(event.data as string) as { id: number; unread: number };
    show(told.unread);
    if (told.id > newest) void ask();
  });
  stream.addEventListener("renew", () => {
    rest();
    void ask();
  });
  stream.addEventListener("error", () => {
    failures += 1;
    if (failures > 1 || stream?.readyState === EventSource.CLOSED) later();
  });
}

/** The stream is away, though the browser tried again: ask, later each time; the answer brings a new ticket. */
function later(): void {
  rest();
  timer = window.setTimeout(() => void ask(), pause * (0.75 + Math.random() / 2));
  pause = Math.min(pause * 2, LONGEST);
}

async function ask(): Promise<void> {
  if (!bell || document.hidden) return;
  try {
    const answer = await fetch(`${bell.dataset["ask"]}?after=${newest}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return later();
    const told = (await answer.json()) as Answer;
    const known = newest;
    newest = Math.max(newest, told.newest);
    show(told.unread);
    for (const item of told.items.reverse()) if (item.id > known) say(item);
    if (!stream) listen(told.stream);
  } catch {
    later();
  }
}

function show(unread: number): void {
  const count = bell && one("[data-bell-count]", bell);
  if (!bell || !count) return;
  count.textContent = unread > 99 ? "99+" : String(unread);
  count.hidden = unread === 0;
  bell.dataset["unread"] = String(unread);
  const said = (unread ? bell.dataset["said"] : bell.dataset["none"]) ?? "";
  bell.setAttribute("aria-label", said.replace("{n}", String(unread)));
}

/** A new notice as a toast: calm, but a red one is announced at once. */
function say(item: Item): void {
  const place = document.getElementById("toasts");
  if (!place || all(`[data-notice="${item.id}"]`).length) return;
  const toast = document.createElement("div");
  toast.className = `toast toast-notice${item.grade === RED ? " toast-error" : ""}`;
  toast.dataset["toast"] = "";
  toast.dataset["notice"] = String(item.id);
  if (item.grade === RED) toast.setAttribute("role", "alert");
  const words = document.createElement("p");
  const link = document.createElement("a");
  link.href = item.url;
  link.textContent = item.title;
  link.dataset["read"] = item.read;
  const about = document.createElement("span");
  about.className = "quiet";
  about.textContent = item.about;
  words.append(link, about);
  toast.append(words, closing());
  place.append(toast);
}

function closing(): HTMLElement {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.dataset["close"] = "";
  close.setAttribute("aria-label", bell?.dataset["close"] ?? "");
  close.textContent = "×";
  return close;
}

/** Opening what a notice is about reads the notice. */
function markRead(address: string): void {
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
  if (address) void fetch(address, { method: "POST", headers, keepalive: true, redirect: "manual" });
}
