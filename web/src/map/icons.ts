import type { Map as View } from "maplibre-gl";

import type { Colour, LayerConfig, Letter, Mark, Shape, Way } from "./config";
import type { Tokens } from "./tokens";

const SIDE = 22;
const SHARP = 3;

/** The name of the image of a mark; `\0` stands in no code. */
export function nameOf(layer: string, way: string, value: string | number, letter?: string | number): string {
  return [layer, way, value, ...(letter === undefined ? [] : [letter])].join("\0");
}

/** Draw every mark of a layer as an image of the map: shape and colour both say what it is. */
export function addImages(view: View, layer: LayerConfig, colours: Tokens): void {
  for (const way of layer.ways ?? []) {
    for (const mark of way.marks) {
      put(view, nameOf(layer.key, way.key, mark.value), mark, undefined, colours);
      for (const letter of way.letters ?? []) put(view, nameOf(layer.key, way.key, mark.value, letter.value), mark, letter, colours);
    }
  }
}

/** The expression that picks the image of a point. */
export function imageOf(layer: LayerConfig, way: Way): unknown {
  const parts: unknown[] = ["concat", `${layer.key}\0${way.key}\0`, ["to-string", ["get", way.by]]];
  if (way.letterBy) parts.push("\0", ["to-string", ["get", way.letterBy]]);
  return parts;
}

/** The same picture for the legend, as its own canvas. */
export function picture(mark: Mark, letter: Letter | undefined, colours: Tokens): HTMLCanvasElement {
  const canvas = drawn(mark, letter, colours);
  canvas.className = "map-mark";
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

function put(view: View, name: string, mark: Mark, letter: Letter | undefined, colours: Tokens): void {
  if (view.hasImage(name)) return;
  const canvas = drawn(mark, letter, colours);
  const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height);
  if (pixels) view.addImage(name, pixels, { pixelRatio: SHARP });
}

function drawn(mark: Mark, letter: Letter | undefined, colours: Tokens): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE * SHARP;
  const pen = canvas.getContext("2d");
  if (!pen) return canvas;
  pen.scale(SHARP, SHARP);
  pen.lineJoin = "round";
  trace(pen, mark.shape);
  pen.lineWidth = 4;
  pen.strokeStyle = colours.paper;
  pen.stroke();
  const colour = colours[mark.colour as Colour];
  const hollow = mark.shape === "ring" || mark.shape === "half";
  pen.fillStyle = hollow ? colours.paper : colour;
  pen.fill();
  if (hollow) {
    pen.lineWidth = 2.4;
    pen.strokeStyle = colour;
    pen.stroke();
  }
  if (mark.shape === "half") {
    pen.save();
    pen.clip();
    pen.fillStyle = colour;
    pen.fillRect(0, SIDE / 2, SIDE, SIDE / 2);
    pen.restore();
  }
  if (letter) write(pen, letter.letter, hollow ? colours.ink : colours.paper, mark.shape, colours.face);
  return canvas;
}

function write(pen: CanvasRenderingContext2D, text: string, colour: string, shape: Shape, face: string): void {
  pen.fillStyle = colour;
  pen.textAlign = "center";
  pen.textBaseline = "alphabetic";
  pen.font = `600 ${text.length > 1 ? 7.5 : 9.5}px ${face}`;
  const size = pen.measureText(text);
  const middle = SIDE / 2 + (shape === "triangle" ? 2 : 0);
  pen.fillText(text, SIDE / 2, middle + (size.actualBoundingBoxAscent - size.actualBoundingBoxDescent) / 2);
}

function trace(pen: CanvasRenderingContext2D, shape: Shape): void {
  const middle = SIDE / 2;
  pen.beginPath();
  if (shape === "square") pen.roundRect(3.5, 3.5, 15, 15, 2);
  else if (shape === "diamond") line(pen, [[middle, 1.5], [SIDE - 1.5, middle], [middle, SIDE - 1.5], [1.5, middle]]);
  else if (shape === "triangle") line(pen, [[middle, 2], [SIDE - 1.5, 19], [1.5, 19]]);
  else pen.arc(middle, middle, shape === "circle" ? 8 : 7, 0, Math.PI * 2);
}

function line(pen: CanvasRenderingContext2D, points: [number, number][]): void {
  points.forEach(([x, y], place) => (place ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
}
