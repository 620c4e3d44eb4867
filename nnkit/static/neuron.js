// Draws one neuron: on the left its numbers for one example, on the right all examples and the line.
// All numbers come from Python (widgets/neuron.py).

import { explorer, html, written } from "./common.js";
import { axes, draggable, drawing, line, mark, place, svg } from "./draw.js";

const PLOT = { left: 50, top: 28, width: 340, height: 220 };

const KEY = "▲ the bank said yes, ○ no. Struck through: the neuron says otherwise. Shaded: where it says yes.";

export default explorer(({ stage, ask, snapped }) => {
  const scheme = drawing(stage, 320, 300, "");
  const plot = drawing(stage, 410, 300, "");
  const key = stage.appendChild(html("div", { style: "width: 100%; color: var(--faint)" }));
  let data = null, parts = null;

  return (picture, state) => {
    if (picture.data !== data) {
      data = picture.data;
      plot.replaceChildren();
      parts = makePlot(plot, picture, ask, snapped);
      key.textContent = picture.X[0].length > 1 ? KEY : "";
    }
    drawNeuron(scheme, picture, state);
    drawExamples(parts, picture);
    drawLine(parts, picture, state);
    plot.setAttribute("aria-label", `${labelled(picture, 1)} against ${labelled(picture, 0)}: the examples and the neuron's line.`);
  };
});

function labelled({ names, units }, column) {
  return names[column] + (units[column] ? ` (${units[column]})` : "");
}

// ---------------------------------------------------------------- the neuron and its numbers

function drawNeuron(drawn, { names, w, b, x, f, formula, z, a, example }, { activation }) {
  drawn.replaceChildren();
  const sum = { x: 158, y: 120 };
  const inputs = [...x.map((value, i) => [names[i], value, w[i]]), ["always", 1, b]];
  const gap = Math.min(80, 200 / inputs.length);
  inputs.forEach(([name, value, weight], i) => {
    const y = sum.y + (i - (inputs.length - 1) / 2) * gap;
    const isBias = i === inputs.length - 1;
    svg(drawn, "line", { x1: 34, y1: y, x2: sum.x, y2: sum.y, stroke: weight < 0 ? "var(--orange)" : "var(--blue)",
      "stroke-width": weight === 0 ? 1 : 2.5, "stroke-dasharray": weight < 0 ? "6 4" : "none", opacity: weight === 0 ? 0.4 : 1 });
    node(drawn, 34, y, written(value), name);
    svg(drawn, "text", { x: 92, y: y + (sum.y - y) * 0.46 - 7, "text-anchor": "middle", class: "nnkit-halo" },
      `${isBias ? "b" : inputs.length > 2 ? `w${"₁₂"[i]}` : "w"} = ${written(weight)}`);
  });
  svg(drawn, "line", { x1: sum.x, y1: sum.y, x2: 310, y2: sum.y, stroke: "currentColor", "stroke-width": 1.5 });
  node(drawn, sum.x, sum.y, "Σ", `z = ${written(z[example])}`);
  drawActivation(drawn, f, z[example], a[example], activation, sum.y);
  const lines = [`z = ${formula} = ${written(z[example])}`, `a = f(z) = ${written(a[example])}`];
  lines.forEach((text, i) => svg(drawn, "text", { x: 8, y: 266 + 21 * i, "font-weight": i ? 600 : 400 }, text));
  drawn.setAttribute("aria-label", `The neuron. ${lines.join("; ")}`);
}

function node(drawn, x, y, inside, below) {
  svg(drawn, "circle", { cx: x, cy: y, r: 20, fill: "var(--paper)", stroke: "currentColor", "stroke-width": 1.5 });
  svg(drawn, "text", { x, y: y + 4.5, "text-anchor": "middle" }, inside);
  svg(drawn, "text", { x, y: y + 34, "text-anchor": "middle", fill: "var(--faint)" }, below);
}

// A small picture of f with the neuron's z and a as a dot.
function drawActivation(drawn, [sums, values], z, a, name, middle) {
  const box = { left: 206, top: middle - 38, width: 76, height: 76 };
  svg(drawn, "rect", { x: box.left, y: box.top, width: box.width, height: box.height, rx: 4, fill: "var(--paper)", stroke: "currentColor", "stroke-width": 1.5 });
  const low = Math.min(...values), high = Math.max(...values);
  const x = (value) => box.left + 6 + (box.width - 12) * (value - sums[0]) / (sums.at(-1) - sums[0] || 1);
  const y = (value) => box.top + box.height - 8 - (box.height - 16) * (value - low) / (high - low || 1);
  svg(drawn, "line", { x1: x(0), x2: x(0), y1: box.top, y2: box.top + box.height, stroke: "currentColor", opacity: 0.3 });
  svg(drawn, "polyline", { points: line(sums, values, { x, y }), fill: "none", stroke: "var(--green)", "stroke-width": 2 });
  svg(drawn, "circle", { cx: x(z), cy: y(a), r: 4.5, fill: "currentColor" });
  svg(drawn, "text", { x: box.left + box.width / 2, y: box.top - 8, "text-anchor": "middle" }, name);
  svg(drawn, "text", { x: box.left + box.width / 2, y: box.top + box.height + 17, "text-anchor": "middle", "font-weight": 600 }, `a = ${written(a)}`);
}

// ---------------------------------------------------------------- the examples and the line

function makePlot(plot, picture, ask, snapped) {
  const frame = axes(plot, { ...PLOT, x: picture.x_range, y: picture.y_range, xLabel: labelled(picture, 0), yLabel: labelled(picture, 1) });
  const places = Array.from(picture.X, (x, i) => [x[0], x[1] ?? picture.y[i] ?? null]);
  const parts = { frame, places };
  parts.ground = svg(frame.inside, "rect", { x: PLOT.left, y: PLOT.top, width: PLOT.width, height: PLOT.height, fill: "transparent" });
  parts.yes = svg(frame.inside, "polygon", { fill: "var(--blue)", opacity: 0.13, "pointer-events": "none" });
  parts.marks = places.map(() => svg(frame.inside, "path", { "pointer-events": "none" }));
  parts.miss = svg(frame.inside, "line", { stroke: "currentColor", "stroke-width": 1.5, "stroke-dasharray": "2 3" });
  parts.line = svg(frame.inside, "polyline", { fill: "none", stroke: "var(--orange)", "stroke-width": 2.5, "pointer-events": "none" });
  parts.chosen = svg(frame.inside, "circle", { r: 10, fill: "none", stroke: "currentColor", "stroke-width": 2, "pointer-events": "none" });
  parts.handles = [0, 1].map((i) => {
    const handle = svg(frame.inside, "circle", { r: 9, fill: "var(--paper)", stroke: "var(--orange)", "stroke-width": 3 });
    draggable(handle, (event) => ask(pulled(parts.now, i, frame.value(event), snapped)));
    return handle;
  });
  parts.ground.addEventListener("click", (event) => ask({ example: parts.now.numbers[nearest(parts, event)] }));
  return parts;
}

// The values that bring handle i to where the mouse is.
function pulled({ hold, handles, w }, i, [x, y], snapped) {
  if (hold === "sum") { // where z = 0: the bias gives way
    const b = w.length > 1 ? -(w[0] * x + w[1] * y) : -w[0] * x;
    return { bias: snapped("bias", b) };
  }
  const [there, here] = [handles[1 - i], handles[i]]; // the other end stays
  const slope = snapped("w1", (y - there[1]) / (here[0] - there[0]));
  return { w1: slope, bias: snapped("bias", there[1] - slope * there[0]) };
}

function nearest({ frame, places, now }, event) {
  const [x, y] = frame.value(event);
  const distances = places.map(([px, py], i) =>
    Math.hypot(frame.x(px) - frame.x(x), frame.y(py ?? now.a[i]) - frame.y(y)));
  return distances.indexOf(Math.min(...distances));
}

function drawExamples({ frame, places, marks, chosen, miss }, { X, y, z, a, example }) {
  const twoInputs = X[0].length > 1;
  places.forEach(([px, py], i) => {
    if (py === null && i !== example) return marks[i].removeAttribute("d"); // they would hide the line
    const yes = twoInputs && y[i] > 0, wrong = twoInputs && (z[i] > 0) !== (y[i] > 0);
    const height = frame.y(py ?? a[i]);
    if (py !== null && marks[i].wrong === wrong) return; // most of them stay
    marks[i].wrong = wrong;
    place(marks[i], {
      d: mark(yes, frame.x(px), height, twoInputs ? 4 : 3) + (wrong ? struck(frame.x(px), height) : ""),
      fill: yes || !twoInputs ? "var(--blue)" : "none", "fill-opacity": wrong ? 0 : 0.75,
      stroke: wrong ? "var(--orange)" : "var(--blue)", "stroke-width": wrong ? 2.6 : 1.2,
    });
  });
  const [cx, cy] = [frame.x(places[example][0]), frame.y(places[example][1] ?? a[example])];
  place(chosen, { cx, cy });
  place(miss, { x1: cx, x2: cx, y1: cy, y2: twoInputs ? cy : frame.y(a[example]) });
}

function struck(x, y) { return `M${x - 6} ${y + 6}L${x + 6} ${y - 6}`; }

function drawLine(parts, picture) {
  const { frame, yes, line: stroke, handles } = parts;
  parts.now = picture;
  const xs = Array.from(picture.line, (point) => point[0]), ys = Array.from(picture.line, (point) => point[1]);
  stroke.setAttribute("points", line(xs, ys, frame));
  yes.setAttribute("points", picture.yes ? Array.from(picture.yes, ([x, y]) => `${frame.x(x)},${frame.y(y)}`).join(" ") : "");
  handles.forEach((handle, i) => {
    const at = picture.handles[i];
    handle.style.display = at ? "" : "none";
    if (at) place(handle, { cx: within(frame.x(at[0]), PLOT.left, PLOT.width), cy: within(frame.y(at[1]), PLOT.top, PLOT.height) });
  });
}

function within(place, start, length) { return Math.min(start + length - 8, Math.max(start + 8, place)); }
