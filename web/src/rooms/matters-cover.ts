import { all, one } from "../dom";

/** Covering places of a photo by hand.  The rows of numbers are what is sent; the canvas draws them and writes into them. */
const SIDES = ["left", "top", "width", "height"] as const;
type Side = (typeof SIDES)[number];
type Box = Record<Side, number>;

const LEAST = 1; // percent: less is a slip of the hand
const FIELDS = 3;

function start(form: HTMLFormElement): void {
  const image = one<HTMLImageElement>("[data-photo]", form);
  const canvas = one<HTMLCanvasElement>("[data-canvas]", form);
  const list = one<HTMLOListElement>("[data-boxes]", form);
  const blank = one<HTMLTemplateElement>("[data-blank]", form);
  const pen = canvas?.getContext("2d");
  if (!image || !canvas || !list || !blank || !pen) return;
  const most = Number(form.dataset["most"]);
  let chosen: HTMLElement | null = null;

  const rows = (): HTMLElement[] => all("[data-box]", list);
  const field = (row: HTMLElement, side: Side): HTMLInputElement | null => one<HTMLInputElement>(`[data-side=${side}]`, row);

  function read(row: HTMLElement): Box | null {
    const values = SIDES.map((side) => field(row, side)?.value.trim().replace(",", ".") ?? "");
    if (values.some((value) => value === "" || !Number.isFinite(Number(value)))) return null;
    const [left, top, width, height] = values.map(Number) as [number, number, number, number];
    return { left, top, width, height };
  }

  function write(row: HTMLElement, box: Box): void {
    const width = Math.min(Math.max(box.width, LEAST), 100);
    const height = Math.min(Math.max(box.height, LEAST), 100);
    const left = Math.min(Math.max(box.left, 0), 100 - width);
    const top = Math.min(Math.max(box.top, 0), 100 - height);
    const values: Box = { left, top, width, height };
    for (const side of SIDES) {
      const input = field(row, side);
      if (input) input.value = String(Math.round(values[side] * 10) / 10);
    }
    choose(row);
  }

  function add(): HTMLElement | null {
    const empty = rows().find((row) => SIDES.every((side) => field(row, side)?.value.trim() === ""));
    if (empty) return empty;
    if (!list || !blank || rows().length >= most) return null;
    list.append(blank.content.cloneNode(true));
    number();
    return rows().at(-1) ?? null;
  }

  function drop(row: HTMLElement): void {
    row.remove();
    chosen = null;
    if (!rows().length) add();
    number();
    draw();
  }

  function number(): void {
    rows().forEach((row, place) => {
      const sign = one(".cover-number", row);
      if (sign) sign.textContent = String(place + 1);
      const button = one<HTMLButtonElement>("[data-drop]", row);
      if (button) button.hidden = false;
    });
  }

  function choose(row: HTMLElement | null): void {
    chosen = row;
    for (const each of rows()) each.classList.toggle("cover-chosen", each === row);
    draw();
  }

  function draw(): void {
    if (!canvas || !image || !pen) return;
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    rows().forEach((row, place) => {
      const box = read(row);
      if (box) cover(pen, canvas, box, row === chosen, place + 1);
    });
  }

  /** As large as the screen needs and no larger: drawing stays quick on an old machine. */
  function fit(): void {
    if (!canvas || !image || !image.naturalWidth) return;
    const width = Math.min(Math.max(image.naturalWidth, 800), 1600);
    canvas.width = width;
    canvas.height = Math.round((width * image.naturalHeight) / image.naturalWidth);
    canvas.style.setProperty("--ratio", String(image.naturalWidth / image.naturalHeight));
    canvas.hidden = false;
    image.hidden = true;
    const hint = one("[data-hint]", form);
    if (hint) hint.hidden = false;
    number();
    draw();
  }

  const at = (event: PointerEvent): { x: number; y: number } => {
    const frame = canvas.getBoundingClientRect();
    const share = (value: number, whole: number): number => Math.min(Math.max((value / whole) * 100, 0), 100);
    return { x: share(event.clientX - frame.left, frame.width), y: share(event.clientY - frame.top, frame.height) };
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    const from = at(event);
    const hit = rows().reverse().find((row) => {
      const box = read(row);
      return box && from.x >= box.left && from.x <= box.left + box.width && from.y >= box.top && from.y <= box.top + box.height;
    });
    const before = hit ? read(hit) : null;
    const row = hit ?? add();
    if (!row) return;
    if (hit) choose(hit);
    let moved = false;
    const move = (next: PointerEvent): void => {
      const to = at(next);
      moved ||= Math.abs(to.x - from.x) >= LEAST || Math.abs(to.y - from.y) >= LEAST;
      if (!moved) return;
      if (before) write(row, { ...before, left: before.left + to.x - from.x, top: before.top + to.y - from.y });
      else
        write(row, {
          left: Math.min(from.x, to.x), top: Math.min(from.y, to.y),
          width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y),
        });
    };
    const end = (): void => {
      canvas.removeEventListener("pointermove", move);
      canvas.removeEventListener("pointerup", end);
      canvas.removeEventListener("pointercancel", end);
      if (moved) form.dispatchEvent(new Event("input", { bubbles: true }));
    };
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
  });

  const STEPS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    const box = chosen ? read(chosen) : null;
    if (!chosen || !box) return;
    const step = STEPS[event.key];
    if (event.key === "Delete" || event.key === "Backspace") drop(chosen);
    else if (step && event.shiftKey) write(chosen, { ...box, width: box.width + step[0], height: box.height + step[1] });
    else if (step) write(chosen, { ...box, left: box.left + step[0], top: box.top + step[1] });
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  list.addEventListener("input", draw);
  list.addEventListener("focusin", (event) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-box]") : null;
    if (row) choose(row);
  });
  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-drop]") : null;
    const row = button?.closest<HTMLElement>("[data-box]");
    if (row) drop(row);
  });
  one("[data-more]", form)?.addEventListener("click", (event) => {
    event.preventDefault();
    const row = add();
    if (!row) return;
    write(row, { left: 40, top: 40, width: 20, height: 20 });
    field(row, "left")?.focus();
  });

  if (image.complete) fit();
  image.addEventListener("load", fit);
}

/** The place as the copy will have it, nearly: a few fields of one colour, with a line around it and its number. */
function cover(pen: CanvasRenderingContext2D, canvas: HTMLCanvasElement, box: Box, chosen: boolean, number: number): void {
  const x = (box.left / 100) * canvas.width;
  const y = (box.top / 100) * canvas.height;
  const width = Math.max(1, (box.width / 100) * canvas.width);
  const height = Math.max(1, (box.height / 100) * canvas.height);
  const small = document.createElement("canvas");
  small.width = Math.max(1, Math.round((FIELDS * width) / Math.max(width, height)));
  small.height = Math.max(1, Math.round((FIELDS * height) / Math.max(width, height)));
  small.getContext("2d")?.drawImage(canvas, x, y, width, height, 0, 0, small.width, small.height);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, x, y, width, height);
  pen.imageSmoothingEnabled = true;
  const scale = canvas.width / (canvas.clientWidth || canvas.width);
  const line = 2 * scale;
  pen.lineWidth = line * (chosen ? 2 : 1);
  pen.strokeStyle = "#fff";
  pen.strokeRect(x, y, width, height);
  pen.lineWidth = line;
  pen.setLineDash(chosen ? [] : [line * 3, line * 2]);
  pen.strokeStyle = "#0b5c63";
  pen.strokeRect(x, y, width, height);
  pen.setLineDash([]);
  const size = 16 * scale;
  pen.font = `600 ${size}px sans-serif`;
  pen.fillStyle = "#0b5c63";
  pen.fillRect(x, y, size * 1.4, size * 1.4);
  pen.fillStyle = "#fff";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(String(number), x + size * 0.7, y + size * 0.72);
}

for (const form of all<HTMLFormElement>("form[data-cover]")) start(form);
