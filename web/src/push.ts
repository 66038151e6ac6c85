import { one } from "./dom";
import { say } from "./toasts";

/** The service worker, and the button that takes notices on this device or no more. */
export function startPush(): void {
  if (!("serviceWorker" in navigator) || !one("link[rel=manifest]")) return;
  const registering = navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" });
  const panel = one("[data-push]");
  if (panel && "PushManager" in window && "Notification" in window) {
    registering.then((registration) => offer(panel, registration)).catch(() => undefined);
  } else {
    registering.catch(() => undefined); // a browser without a store, such as a private window, has none
  }
}

async function offer(panel: HTMLElement, registration: ServiceWorkerRegistration): Promise<void> {
  const subscription = await registration.pushManager.getSubscription();
  if (subscription && !usesKey(subscription, panel)) await subscription.unsubscribe();
  const on = one<HTMLButtonElement>("[data-push-on]", panel);
  const off = one<HTMLButtonElement>("[data-push-off]", panel);
  if (!on || !off) return;
  one("[data-push-cannot]", panel)?.remove();
  const there = !!subscription && usesKey(subscription, panel);
  on.hidden = there;
  off.hidden = !there;
  on.addEventListener("click", () => act(on, () => join(panel, registration)));
  off.addEventListener("click", () => act(off, () => leave(panel, registration)));
  if (Notification.permission === "denied") tell(panel, panel.dataset["refused"]);
}

async function join(panel: HTMLElement, registration: ServiceWorkerRegistration): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") {
    tell(panel, panel.dataset["refused"]);
    return;
  }
  try {
    const asked = await send(panel, panel.dataset["ask"] ?? "", {});
    const { key } = (await asked.json()) as { key: string };
    const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
    await send(panel, panel.dataset["join"] ?? "", subscription.toJSON());
  } catch {
    tell(panel, panel.dataset["failed"]);
    return;
  }
  location.reload();
}

async function leave(panel: HTMLElement, registration: ServiceWorkerRegistration): Promise<void> {
  const subscription = await registration.pushManager.getSubscription();
  if (subscription) {
    await send(panel, panel.dataset["leave"] ?? "", { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  location.reload();
}

async function act(button: HTMLButtonElement, work: () => Promise<void>): Promise<void> {
  button.disabled = true;
  try {
    await work();
  } catch {
    say(document.getElementById("toast-words")?.dataset["offline"] ?? "");
  } finally {
    button.disabled = false;
  }
}

async function send(panel: HTMLElement, address: string, said: unknown): Promise<Response> {
  const token = one<HTMLInputElement>("input[name=csrfmiddlewaretoken]", panel)?.value ?? "";
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(said) });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

function tell(panel: HTMLElement, words: string | undefined): void {
  const place = one("[data-push-say]", panel);
  if (!place || !words) return;
  place.textContent = words;
  place.hidden = false;
}

function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  const text = key.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

/** A subscription for a key that the installation does not have, or has not made yet, is of no use. */
function usesKey(subscription: PushSubscription, panel: HTMLElement): boolean {
  const kept = subscription.options.applicationServerKey;
  if (!kept) return true;
  const [mine, theirs] = [bytesOf(panel.dataset["key"] ?? ""), new Uint8Array(kept)];
  return mine.length === theirs.length && mine.every((byte, place) => byte === theirs[place]);
}
