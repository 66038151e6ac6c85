import { all, one } from "./dom";

/** What the server says to what a form holds so far, in the form's slots (`data-slot`); what is being chosen stays. */
export class Looks {
  private form: HTMLFormElement;
  private unasked: string[];
  private waiting = 0;
  private looked = "";

  /** `unasked` are the fields that the server is not told before the form is sent. */
  constructor(form: HTMLFormElement, unasked: string[]) {
    this.form = form;
    this.unasked = unasked;
  }

  /** Look in a moment: at once where something was picked, after a pause where somebody types. */
  soon(typed: boolean): void {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.look(), typed ? 600 : 0);
  }

  async look(): Promise<void> {
    const fields = [...new FormData(this.form)].filter((each): each is [string, string] => typeof each[1] === "string");
    const body = new URLSearchParams(fields.filter(([name]) => !this.unasked.includes(name)));
    const asked = body.toString();
    if (asked === this.looked) return;
    this.looked = asked;
    const answer = await fetch(this.form.dataset["look"] ?? "", { method: "POST", body }).catch(() => undefined);
    if (!answer?.ok) return;
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (asked !== this.looked) return;
    for (const slot of all("[data-slot]", this.form)) {
      const fresh = one(`[data-slot=${slot.dataset["slot"]}]`, made);
      if (!fresh || slot.contains(document.activeElement) || slot.innerHTML === fresh.innerHTML) continue;
      slot.replaceChildren(...fresh.childNodes);
    }
  }
}
