import { on } from "../dom";

/** What a POST answered is made large where it stands, by the stylesheet alone; this browser keeps it for other pages. */
on("change", "[data-large]", (box) => {
  if (!(box instanceof HTMLInputElement)) return;
  const body = new URLSearchParams({ large: box.checked ? "1" : "0" });
  void fetch(box.dataset["large"] ?? "", { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => undefined);
});
