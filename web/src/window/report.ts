import { all, one } from "../dom";
import { Looks } from "../looks";
import { type Draft, forget, keep, recall } from "./draft";
import { Photos } from "./photos";
import { startPlace } from "./place";
import { prove } from "./proof";
import { offerReceipt, showReceipt } from "./receipt";

const DAY = 86_400_000;
/** How long words that were not sent are kept, and a report that waits for the connection. */
const KEPT = 3 * DAY;
const QUEUED = 7 * DAY;
const RETRY = 20_000;
/** Fields that are not drafted, and those that are kept only with a report that waits to be sent. */
const OWN = ["stamp", "proof", "at", "website", "files", "step"];
const CONTACT = ["name", "phone", "email", "agree"];

/** The form of a report: suggestions while one writes, a draft through a lost connection, one report however often it is sent. */
class Report {
  private form: HTMLFormElement;
  private photos: Photos;
  private looks: Looks;
  private proof = "";
  private drafting = 0;
  private sending = false;
  private retrying = 0;

  constructor(form: HTMLFormElement) {
    this.form = form;
    this.looks = new Looks(form, CONTACT);
    this.photos = this.started();
  }

  private get code(): string {
    return this.form.dataset["report"] ?? "";
  }

  private get words(): Record<string, string> {
    return JSON.parse(document.getElementById(this.form.dataset["words"] ?? "")?.textContent ?? "{}") as Record<string, string>;
  }

  async begin(): Promise<void> {
    window.addEventListener("online", () => void this.again());
    const draft = await recall(this.code);
    offerReceipt(this.form, this.code, this.words["receipt"] ?? "");
    if (!draft) return;
    if (Date.now() - draft.at > (draft.queued ? QUEUED : KEPT)) {
      await forget(this.code);
    } else if (draft.queued) {
      this.fill(draft);
      this.say("queued", draft.at);
      await this.post(draft);
    } else if (!this.value("words") && !one(".field-errors", this.form)) {
      this.fill(draft);
      this.say("back", draft.at);
    }
  }

  /** Take over a form that stands on the page. */
  private started(): Photos {
    const form = this.form;
    for (const part of all("[data-later]", form)) part.hidden = false;
    for (const part of all("[data-step]", form)) part.hidden = true;
    for (const button of all<HTMLButtonElement>("[data-enter]", form)) button.disabled = false;
    form.addEventListener("input", (event) => this.changed(event.target));
    form.addEventListener("submit", (event) => this.submitted(event));
    form.addEventListener("focusin", () => void this.work(), { once: true });
    startPlace(form, this.words);
    const photos = new Photos(form, Number(form.dataset["most"]), this.words, () => this.changed(null));
    photos.start();
    return photos;
  }

  private async work(): Promise<void> {
    this.proof = await prove(this.value("stamp"), Number(this.form.dataset["bits"]));
  }

  private changed(target: EventTarget | null): void {
    const name = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement ? target.name : "";
    if (name === "other" && this.value("other")) for (const pick of all<HTMLInputElement>("[name=category]", this.form)) pick.checked = pick.value === "";
    clearTimeout(this.drafting);
    this.drafting = window.setTimeout(() => void keep(this.code, this.draft(false)), 400);
    if (["words", "place", "element", "category", "other", "lon"].includes(name)) {
      this.looks.soon(name === "words" || name === "place");
    }
  }

  private submitted(event: SubmitEvent): void {
    if (event.submitter?.hasAttribute("data-follow")) {
      void forget(this.code);
      return;
    }
    event.preventDefault();
    if (event.submitter?.hasAttribute("data-enter")) {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      this.looks.soon(false);
    } else if (!this.sending) {
      void this.send();
    }
  }

  private async send(): Promise<void> {
    clearTimeout(this.drafting);
    const draft = this.draft(true);
    await keep(this.code, draft);
    this.say("sending");
    await this.post(draft);
  }

  private async again(): Promise<void> {
    const draft = this.sending ? undefined : await recall(this.code);
    if (draft?.queued) await this.post(draft);
  }

  /** Send a draft.  Its stamp makes it one report however often it comes, so that a lost answer is asked for again. */
  private async post(draft: Draft): Promise<void> {
    clearTimeout(this.retrying);
    this.busy(true);
    const answer = await fetch(this.form.action, { method: "POST", body: bodyOf(draft) }).catch(() => undefined);
    const page = answer && answer.status < 500 && answer.status !== 429 ? await answer.text().catch(() => "") : "";
    const main = page ? one("main", new DOMParser().parseFromString(page, "text/html")) : null;
    this.busy(false);
    if (!main) {
      this.say(answer ? "busy" : "waiting");
      this.retrying = window.setTimeout(() => void this.again(), RETRY);
    } else if (one("[data-receipt]", main)) {
      await forget(this.code);
      showReceipt(main, this.code);
    } else {
      await this.refused(main, draft);
    }
  }

  /** The form came back with what is to be looked at again; the photos are still here. */
  private async refused(main: HTMLElement, draft: Draft): Promise<void> {
    one("main")?.replaceWith(main);
    await keep(this.code, { ...draft, queued: false });
    const form = one<HTMLFormElement>("form[data-report]");
    if (form) {
      const files = this.photos.files;
      this.form = form;
      this.looks = new Looks(form, CONTACT);
      this.photos = this.started();
      this.photos.set(files);
      void this.work();
    }
    (one("[data-focus]", main) ?? main).focus();
  }

  private busy(is: boolean): void {
    this.sending = is;
    for (const button of all<HTMLButtonElement>("[data-send]", this.form)) {
      button.setAttribute("aria-busy", String(is));
      button.setAttribute("aria-disabled", String(is));
    }
  }

  private value(name: string): string {
    return String(new FormData(this.form).get(name) ?? "");
  }

  private fields(): [string, string][] {
    return [...new FormData(this.form)].filter((each): each is [string, string] => typeof each[1] === "string");
  }

  private draft(queued: boolean): Draft {
    const fields = this.fields().map(([name, value]): [string, string] => [name, name === "proof" ? this.proof : value]);
    return { fields: queued ? fields : fields.filter(([name]) => !CONTACT.includes(name)), files: this.photos.files, queued, at: Date.now() };
  }

  private fill(draft: Draft): void {
    for (const [name, value] of draft.fields) {
      const field = OWN.includes(name) ? null : this.form.elements.namedItem(name === "category" && value ? "other" : name);
      if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = true;
      else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) field.value = value;
    }
    one<HTMLInputElement>("[name=lon]", this.form)?.dispatchEvent(new Event("input", { bubbles: true }));
    this.photos.set(draft.files);
    void this.looks.look();
  }

  /** Say what became of the draft, above the form. */
  private say(name: string, at = 0): void {
    const place = one("[data-draft-said]");
    if (!place) return;
    const when = at ? new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" }) : "";
    const said = document.createElement("p");
    said.textContent = (this.words[name] ?? "").replace("{when}", when);
    place.replaceChildren(said);
    place.hidden = false;
    if (name !== "back") {
      place.scrollIntoView({ block: "nearest" });
      return;
    }
    const discard = document.createElement("button");
    discard.type = "button";
    discard.className = "button button-small";
    discard.textContent = this.words["discard"] ?? "";
    discard.addEventListener("click", () => void forget(this.code).then(() => location.reload()));
    place.append(discard);
  }
}

const found = one<HTMLFormElement>("form[data-report]");
if (found) void new Report(found).begin();

/** What is sent: without photos in the short way, for a slow connection. */
function bodyOf(draft: Draft): URLSearchParams | FormData {
  if (draft.files.length === 0) return new URLSearchParams(draft.fields);
  const body = new FormData();
  for (const [name, value] of draft.fields) body.append(name, value);
  for (const file of draft.files) body.append("files", file, file.name);
  return body;
}
