// Draws an activation with its slope, and a chart of where the gradient of each activation vanishes.
// All numbers come from Python (widgets/activations.py).

import { explorer, written } from "./common.js";
import { axes, draggable, drawing, line, place, svg } from "./draw.js";

const PLOT = { left: 34, top: 44, width: 340, height: 240, x: [-6, 6], y: [-1.6, 3.2] };
const CHART = { left: 118, top: 44, width: 204, row: 18.5 };
const HATCHES = { 1: "M0 8L8 0", 2: "M0 8L8 0M0 0L8 8" }; // f′ small, f′ exactly 0

export default explorer(({ stage, ask, snapped }) => {
  const curves = makeCurves(drawing(stage, 384, 325, ""), ask, snapped);
  const chart = drawing(stage, 330, 325, "");
  let rows = null;

  return (picture, state) => {
    rows ??= makeChart(chart, picture, ask);
    drawCurves(curves, picture, state);
    drawChart(rows, picture, state);
  };
});

// Lines at a slant, or crossed: told apart without colour. The name is its own on a page with more.
function hatch(drawn, level) {
  const id = `nnkit-hatch-${Math.random().toString(36).slice(2)}`;
  const pattern = svg(drawn, "pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse" });
  svg(pattern, "path", { d: HATCHES[level], stroke: "var(--ink)", "stroke-opacity": level === 2 ? 0.6 : 0.4 });
  return `url(#${id})`;
}

// ---------------------------------------------------------------- the curves

function makeCurves(drawn, ask, snapped) {
  const frame = axes(drawn, { ...PLOT, xLabel: "input x" });
  const curve = (attributes) => svg(frame.inside, "polyline", { fill: "none", "pointer-events": "none", ...attributes });
  const parts = { drawn, frame };
  parts.shades = [1, 2].map((level) => svg(frame.inside, "path", { fill: hatch(drawn, level) }));
  svg(frame.inside, "line", { x1: frame.x(-6), x2: frame.x(6), y1: frame.y(0), y2: frame.y(0), stroke: "currentColor" });
  parts.all = svg(frame.inside, "g", { fill: "none", stroke: "currentColor", "stroke-opacity": 0.45 });
  parts.beside = [curve({ stroke: "var(--purple)", "stroke-width": 2, "stroke-dasharray": "10 3 2 3" }), curve({ stroke: "var(--purple)", "stroke-width": 2, "stroke-dasharray": "2 4" })];
  parts.chosen = [curve({ stroke: "var(--blue)", "stroke-width": 3 }), curve({ stroke: "var(--orange)", "stroke-width": 2.5, "stroke-dasharray": "7 4" })];
  parts.tangent = curve({ stroke: "currentColor", "stroke-width": 1.5 });
  parts.names = [0, 1].map((row) => svg(drawn, "text", { x: PLOT.left, y: 14 + 17 * row, fill: row ? "var(--purple)" : "var(--ink)" }));

  // Where z is 0, a circle: it moves the bias. Where z is 2, a square: it moves the weight.
  parts.handles = ["circle", "rect"].map((shape, i) => {
    const group = svg(frame.inside, "g");
    svg(group, "circle", { r: 14, fill: "transparent" });
    svg(group, shape, { ...(i ? { x: -6, y: -6, width: 12, height: 12 } : { r: 7 }), fill: "var(--paper)", stroke: "currentColor", "stroke-width": 2 });
    svg(group, "text", { y: 24, "text-anchor": "middle", class: "nnkit-halo" }, i ? "z = 2" : "z = 0");
    draggable(group, (event) => ask(pulled(parts, i, frame.value(event)[0], snapped)));
    return group;
  });
  parts.dot = svg(frame.inside, "circle", { r: 8, fill: "var(--blue)", stroke: "var(--paper)", "stroke-width": 2 });
  draggable(parts.dot, (event) => ask({ x: snapped("x", frame.value(event)[0]) }));
  parts.slopeDot = svg(frame.inside, "circle", { r: 5, fill: "var(--paper)", stroke: "var(--orange)", "stroke-width": 2.5, "pointer-events": "none" });
  return parts;
}

// The values that bring the place of z = 0 or z = 2 to x.
function pulled({ weight, zero }, i, x, snapped) {
  if (i === 0) return { bias: snapped("bias", -weight * x) };
  const distance = Math.abs(x - zero) < 0.2 ? 0.2 * Math.sign(weight) : x - zero;
  const steep = snapped("weight", 2 / distance) || 0.1;
  return { weight: steep, bias: snapped("bias", -steep * zero) };
}

function drawCurves(parts, picture, { weight, x, activation, beside }) {
  const { drawn, frame, shades, all, chosen, tangent, names, handles, dot, slopeDot } = parts;
  const points = (values) => line(picture.x, values, frame);
  [1, 2].forEach((level, i) => shades[i].setAttribute("d", boxes(picture.vanishing[picture.chosen], level, frame.x, PLOT.top, PLOT.height)));
  chosen.forEach((curve, i) => curve.setAttribute("points", points(picture.curve[i])));
  parts.beside.forEach((curve, i) => curve.setAttribute("points", points(picture.beside[i] ?? [])));
  while (all.children.length < 2 * picture.all.length) svg(all, "polyline", { "stroke-dasharray": all.children.length % 2 ? "5 4" : "none" });
  all.style.display = picture.all.length ? "" : "none";
  picture.all.flat().forEach((values, i) => all.children[i].setAttribute("points", points(values)));
  tangent.setAttribute("points", line(...picture.tangent, frame));
  names[0].textContent = `${activation.replaceAll("_", " ")}: a = f(z) —, slope f′(z) - - -`;
  names[1].textContent = picture.beside.length ? `${beside.replaceAll("_", " ")}: a = f(z) — · —, slope · · ·` : "";
  if (picture.handles.length) Object.assign(parts, { weight, zero: picture.handles[0] });
  handles.forEach((handle, i) => { // the circle can always be had; the square would lie on top of it at the edge
    const at = picture.handles[i], there = at !== undefined && (i === 0 || Math.abs(at) < 6);
    handle.style.display = there ? "" : "none";
    if (there) handle.setAttribute("transform", `translate(${frame.x(Math.min(5.7, Math.max(-5.7, at)))} ${frame.y(0)})`);
  });
  place(dot, { cx: frame.x(x), cy: inside(frame.y(picture.a)) });
  place(slopeDot, { cx: frame.x(x), cy: inside(frame.y(picture.slope)) });
  drawn.setAttribute("aria-label", `${picture.names[picture.chosen]} and its slope. At x = ${written(x)}: z = ${written(picture.z)}, a = ${written(picture.a)}, slope ${written(picture.slope)}.`);
}

function inside(y) { return Math.min(PLOT.top + PLOT.height - 6, Math.max(PLOT.top + 6, y)); }

// The outline of all stretches of a level.
function boxes(stretches, wanted, toX, top, height) {
  return stretches.filter(([, , level]) => level === wanted)
    .map(([low, high]) => `M${toX(low)} ${top}H${toX(high)}v${height}H${toX(low)}z`).join("");
}

// ---------------------------------------------------------------- where each one's gradient vanishes

function makeChart(drawn, { names }, ask) {
  const height = CHART.row * names.length;
  const frame = axes(drawn, { ...CHART, height, x: [-6, 6], y: [0, 1], xLabel: "input x", yTicks: [] });
  const fills = [hatch(drawn, 1), hatch(drawn, 2)];
  svg(drawn, "text", { x: 4, y: 14 }, "Where a gradient vanishes:");
  [["small", 0, 4], ["exactly 0", 1, 84]].forEach(([text, i, x]) => {
    svg(drawn, "rect", { x, y: 21, width: 22, height: 13, fill: fills[i], stroke: "var(--rule)" });
    svg(drawn, "text", { x: x + 27, y: 32 }, text);
  });
  const rows = names.map((name, i) => {
    const top = CHART.top + CHART.row * i;
    const group = svg(drawn, "g", { style: "cursor: pointer" });
    const ground = svg(group, "rect", { x: 0, y: top, width: CHART.left + CHART.width, height: CHART.row, fill: "transparent" });
    const text = svg(group, "text", { x: CHART.left - 6, y: top + 13.5, "text-anchor": "end" }, name);
    svg(group, "rect", { x: CHART.left, y: top + 2.5, width: CHART.width, height: CHART.row - 5, fill: "none", stroke: "var(--rule)" });
    const paths = [1, 2].map((level) => svg(group, "path", { fill: fills[level - 1] }));
    group.addEventListener("click", () => ask({ activation: name.replaceAll(" ", "_") }));
    return { top, ground, text, paths, name };
  });
  const now = svg(drawn, "line", { y1: CHART.top, y2: CHART.top + height, stroke: "var(--blue)", "stroke-width": 2, "pointer-events": "none" });
  return { drawn, frame, rows, now };
}

function drawChart({ drawn, frame, rows, now }, { chosen, vanishing }, { x }) {
  rows.forEach(({ top, ground, text, paths }, i) => {
    paths.forEach((path, level) => path.setAttribute("d", boxes(vanishing[i], level + 1, frame.x, top + 2.5, CHART.row - 5)));
    text.setAttribute("font-weight", i === chosen ? 700 : 400);
    place(ground, { fill: i === chosen ? "var(--blue)" : "transparent", "fill-opacity": 0.18 });
  });
  place(now, { x1: frame.x(x), x2: frame.x(x) });
  const here = rows.filter((_, i) => vanishing[i].some(([low, high]) => low <= x && x <= high)).map(({ name }) => name);
  drawn.setAttribute("aria-label", `Where the gradient of each activation vanishes. At x = ${written(x)}: ${here.join(", ") || "of none"}.`);
}
