import { one } from "../dom";

const LONGEST_SIDE = 2560;
const LIGHT = 1_500_000;

/** The photos of a report: chosen one by one or together, shown small, taken out again; heavy ones are made lighter. */
export class Photos {
  files: File[] = [];

  constructor(
    private readonly form: HTMLFormElement,
    private readonly most: number,
    private readonly words: Record<string, string>,
    private readonly changed: () => void,
  ) {}

  /** Listen to the field of a form that was put on the page. */
  start(): void {
    const input = one<HTMLInputElement>("input[type=file]", this.form);
    input?.addEventListener("change", () => {
      const chosen = [...(input.files ?? [])];
      input.value = "";
      void this.add(chosen);
    });
    this.show();
  }

  async add(chosen: File[]): Promise<void> {
    const lighter = await Promise.all(chosen.map(lightened));
    const many = this.files.length + lighter.length > this.most;
    this.files = [...this.files, ...lighter].slice(0, this.most);
    this.show(many ? this.words["many"] : "");
    this.changed();
  }

  set(files: File[]): void {
    this.files = files;
    this.show();
  }

  private show(said = ""): void {
    const list = one("[data-photos]", this.form);
    if (!list) return;
    list.replaceChildren(...this.files.map((file, place) => this.row(file, place)));
    if (said) {
      const row = document.createElement("li");
      row.setAttribute("role", "status");
      row.textContent = said;
      list.append(row);
    }
  }

  private row(file: File, place: number): HTMLElement {
    const row = document.createElement("li");
    if (file.type.startsWith("image/")) {
      const picture = document.createElement("img");
      picture.alt = "";
      picture.src = URL.createObjectURL(file);
      picture.onload = () => URL.revokeObjectURL(picture.src);
      picture.onerror = () => picture.remove();
      row.append(picture);
    }
    const name = document.createElement("span");
    name.textContent = file.name;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small";
    button.textContent = (this.words["remove"] ?? "").replace("{name}", "").trim();
    button.setAttribute("aria-label", (this.words["remove"] ?? "").replace("{name}", file.name));
    button.addEventListener("click", () => {
      this.files = this.files.filter((_file, other) => other !== place);
      this.show();
      this.changed();
      one<HTMLInputElement>("input[type=file]", this.form)?.focus();
    });
    row.append(name, button);
    return row;
  }
}

/** A photo that a slow connection can carry; one that this browser cannot read goes as it is. */
async function lightened(file: File): Promise<File> {
  if (!file.type.startsWith("image/") || file.size < LIGHT) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return made && made.size < file.size ? new File([made], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: made.type }) : file;
  } catch {
    return file;
  }
}
