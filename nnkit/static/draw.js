// What the explorers draw with: SVG elements, axes, marks that differ in shape as well as in colour.

import { written } from "./common.js";

const SVG = "http://www.w3.org/2000/svg";

// Make an SVG element inside of another one.
export function svg(parent, name, attributes = {}, text) {
  const node = document.createElementNS(SVG, name);
  place(node, attributes);
  if (text !== undefined) node.textContent = text;
  parent?.append(node);
  return node;
}

// Set some attributes.
export function place(node, attributes) {
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

// A drawing of this size, which shrinks with the page; `label` is what a screen reader says of it.
export function drawing(stage, width, height, label) {
  const node = svg(stage, "svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  node.style.maxWidth = `${width}px`;
  node.style.flexBasis = `${Math.min(width, 300)}px`;
  node.style.flexGrow = width;
  return node;
}

// About `count` round numbers between two others.
export function ticks(low, high, count = 5) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.99);
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

// Axes in a part of a drawing. `x` and `y` are [low, high]; the scales turn numbers into places, and
// `value` a place of the mouse into numbers. `inside` is clipped to the axes. Ticks are pairs of a
// number and what is written there, which may be another one: its power of ten, for example.
export function axes(parent, { left, top, width, height, x, y, xLabel = "", yLabel = "", xTicks = numbered(x), yTicks = numbered(y) }) {
  const group = svg(parent, "g", { class: "nnkit-axes" });
  const toX = (value) => left + width * (value - x[0]) / (x[1] - x[0]);
  const toY = (value) => top + height * (y[1] - value) / (y[1] - y[0]);
  for (const [tick, text] of xTicks) {
    svg(group, "line", { x1: toX(tick), x2: toX(tick), y1: top, y2: top + height });
    svg(group, "text", { x: toX(tick), y: top + height + 16, "text-anchor": "middle" }, text);
  }
  for (const [tick, text] of yTicks) {
    svg(group, "line", { x1: left, x2: left + width, y1: toY(tick), y2: toY(tick) });
    svg(group, "text", { x: left - 6, y: toY(tick) + 4, "text-anchor": "end" }, text);
  }
  svg(group, "text", { x: left + width / 2, y: top + height + 34, "text-anchor": "middle" }, xLabel);
  svg(group, "text", { x: left, y: top - 8 }, yLabel);
  const id = `nnkit-clip-${Math.random().toString(36).slice(2)}`;
  svg(svg(group, "clipPath", { id }), "rect", { x: left, y: top, width, height });
  const inside = svg(group, "g", { "clip-path": `url(#${id})` });
  const value = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(group.getScreenCTM().inverse());
    return [x[0] + (point.x - left) / width * (x[1] - x[0]), y[1] - (point.y - top) / height * (y[1] - y[0])];
  };
  return { group, inside, x: toX, y: toY, value, xRange: x, yRange: y };
}

function numbered(range) { return ticks(...range).map((tick) => [tick, written(tick)]); }

// The points of a line, for the attribute `points` of a polyline.
export function line(xs, ys, { x, y }) {
  const points = [];
  for (let i = 0; i < xs.length; i++) {
    if (Number.isFinite(ys[i])) points.push(`${x(xs[i]).toFixed(1)},${y(ys[i]).toFixed(1)}`);
  }
  return points.join(" ");
}

// The outline of a mark around (x, y): a triangle for yes, a circle for no, so that colour is not
// needed to tell them apart.
export function mark(yes, x, y, size = 5) {
  return yes
    ? `M${x} ${y - size * 1.2}l${size * 1.1} ${size * 2}h${-size * 2.2}z`
    : `M${x - size} ${y}a${size} ${size} 0 1 0 ${2 * size} 0a${size} ${size} 0 1 0 ${-2 * size} 0z`;
}

// A finger on this element does not scroll the page. (Chromium heeds `touch-action` on a drawing, but not
// on its parts.)
export function keepFinger(node) {
  node.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
}

// Let an element be dragged with mouse (its left button), pen or finger: `move` is told every place of it.
export function draggable(node, move) {
  node.classList.add("nnkit-handle");
  keepFinger(node);
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    node.setPointerCapture(event.pointerId);
  });
  node.addEventListener("pointermove", (event) => {
    if (node.hasPointerCapture(event.pointerId)) move(event);
  });
}
