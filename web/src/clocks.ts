import { all } from "./dom";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const SOON = 80;

type Words = Record<string, string>;

/** The same words as jishi/base/words.py:left. */
export function left(due: number, now: number, words: Words): string {
  const seconds = Math.trunc((due - now) / 1000);
  const side = seconds > 0 ? "left" : "over";
  const amount = Math.abs(seconds);
  const [unit, count] =
    amount < HOUR
      ? ["minutes", Math.max(1, Math.floor(amount / MINUTE))]
      : amount < DAY
        ? ["hours", Math.floor(amount / HOUR)]
        : ["days", Math.floor(amount / DAY)];
  return (words[`${side}_${unit}`] ?? "{n}").replace("{n}", String(count));
}

/** How much of the time is used, 0 to 100. */
export function share(due: number, started: number, now: number): number {
  if (now >= due) return 100;
  if (!started || started >= due || now <= started) return 0;
  return Math.floor((100 * (now - started)) / (due - started));
}

function refresh(words: Words, now: number): void {
  for (const clock of all(".clock[data-due]")) {
    const due = Date.parse(clock.dataset["due"] ?? "");
    if (Number.isNaN(due)) continue;
    const used = share(due, Date.parse(clock.dataset["started"] ?? "") || 0, now);
    const level = now >= due ? "late" : used >= SOON ? "soon" : "calm";
    const text = clock.querySelector(".clock-text");
    const said = left(due, now, words);
    if (text && text.textContent !== said) text.textContent = said;
    clock.querySelector(".clock-used")?.setAttribute("width", String(used));
    clock.classList.remove("clock-calm", "clock-soon", "clock-late");
    clock.classList.add(`clock-${level}`);
  }
}

/** Keep every clock on the page right, twice a minute and when the page comes back to the front. */
export function startClocks(): void {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="jishi-clocks"]');
  if (!meta) return;
  const words = JSON.parse(meta.content) as Words;
  const tick = () => {
    if (!document.hidden) refresh(words, Date.now());
  };
  setInterval(tick, 30_000);
  document.addEventListener("visibilitychange", tick);
}
