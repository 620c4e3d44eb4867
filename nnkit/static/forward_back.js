// Draws a net as a graph with the numbers of one pass, the formulas of what is looked at, and the cost
// of all updates. All numbers and formulas come from Python (widgets/forward_back.py).

import { explorer, html, written } from "./common.js";
import { axes, draggable, drawing, line, place, svg } from "./draw.js";

const WIDTH = 460, LEFT = 28, RIGHT = 68, RADIUS = 23, ROW = 96;
const BOX = { left: 50, top: 24, width: 232, height: 126 }; // the axes of the cost
const FEW = 12; // weights that can be read beside their lines

export default explorer(({ stage, ask, snapped, latest }) => {
  const graph = drawing(stage, WIDTH, 300, "");
  graph.setAttribute("role", "group"); // what is inside can be chosen
  const side = html("div", { style: "flex: 1 1 270px; min-width: 0" });
  const formulas = html("div", { style: "min-height: 11em" });
  stage.append(side);
  side.append(formulas);
  const plot = drawing(side, 300, 188, "");
  let net = null, parts = null, curve = null;

  return (picture, state) => {
    if (picture.net !== net) {
      net = picture.net;
      parts = makeGraph(graph, picture, (focus) => {
        if (focus !== latest("focus")) ask({ focus });
      });
      curve = makeCurve(plot, picture, (epoch) => ask({ epoch: snapped("epoch", epoch) }));
    }
    drawGraph(parts, picture, state);
    writeFormulas(formulas, picture, state);
    place(curve.handle, { cx: curve.frame.x(Math.log10(1 + state.epoch)), cy: curve.frame.y(Math.log10(picture.total)) });
    graph.setAttribute("aria-label", `The net. ${picture.head}. Arrow keys go from part to part.`);
    plot.setAttribute("aria-label", `The cost against the number of updates. After ${state.epoch}: ${written(picture.total)}.`);
  };
});

// ---------------------------------------------------------------- the graph

// Make an element for each weight and each neuron; neurons lie above. `columns` holds them from left to
// right, for the arrow keys.
function makeGraph(graph, { names, places }, look) {
  graph.replaceChildren();
  const rows = Math.max(...names.map((layer) => layer.length));
  const height = ROW * rows + 10;
  graph.setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
  const spots = places.map((layer) => layer.map(([px, py]) => [LEFT + px * (WIDTH - LEFT - RIGHT), py * height]));
  const parts = { weights: [], neurons: [], columns: [] };
  const layers = { weights: svg(graph, "g"), neurons: svg(graph, "g") };

  names.forEach((layer, at) => {
    if (at > 0) {
      parts.columns.push(layer.flatMap((to, j) => names[at - 1].map((from, i) => {
        const weight = { name: `${from} → ${to}`, at, j, i, ...makeWeight(layers.weights, spots[at - 1][i], spots[at][j]) };
        parts.weights.push(weight);
        return weight;
      })));
    }
    parts.columns.push(layer.map((name, j) => {
      const neuron = { name, at, j, ...makeNeuron(layers.neurons, spots[at][j], name) };
      parts.neurons.push(neuron);
      return neuron;
    }));
  });
  parts.columns.forEach((column, x) => column.forEach((part, y) => {
    place(part.group, { role: "button", "data-lm-suppress-shortcuts": true, style: "outline: none; cursor: pointer" });
    // Not "pointerenter": that comes as well when the page moves below a mouse that rests.
    part.group.addEventListener("pointermove", () => look(part.name));
    part.group.addEventListener("click", () => part.group.focus());
    part.group.addEventListener("focus", () => {
      part.halo.setAttribute("stroke", "var(--blue)");
      look(part.name);
    });
    part.group.addEventListener("blur", () => part.halo.setAttribute("stroke", "currentColor"));
    part.group.addEventListener("keydown", (event) => step(parts.columns, x, y, event));
  }));
  return parts;
}

// Move the keyboard's focus to the neighbour in the direction of an arrow key.
function step(columns, x, y, event) {
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
  if (!dx && !dy) return;
  event.preventDefault();
  event.stopPropagation();
  const column = columns[x + dx];
  const height = dx ? Math.round((y / Math.max(1, columns[x].length - 1)) * ((column?.length ?? 1) - 1)) : y + dy;
  column?.[height]?.group.focus();
}

function makeWeight(parent, [x0, y0], [x1, y1]) {
  const length = Math.hypot(x1 - x0, y1 - y0), [dx, dy] = [(x1 - x0) / length, (y1 - y0) / length];
  const ends = { x1: x0 + RADIUS * dx, y1: y0 + RADIUS * dy, x2: x1 - RADIUS * dx, y2: y1 - RADIUS * dy };
  const group = svg(parent, "g");
  const halo = svg(group, "line", { ...ends, stroke: "currentColor", "stroke-width": 12, "stroke-opacity": 0 });
  const stroke = svg(group, "line", { ...ends, "pointer-events": "none" });
  const angle = Math.atan2(dy, dx) * 180 / Math.PI, middle = `translate(${x0 + 0.68 * (x1 - x0)} ${y0 + 0.68 * (y1 - y0)})`;
  const arrow = svg(group, "path", { d: "M8 0L-6 -6V6Z", "pointer-events": "none" });
  const turned = (way) => `${middle} rotate(${way < 0 ? angle + 180 : angle})`;
  const at = RADIUS + 20; // near its start: further on, the lines cross
  const label = svg(group, "text", { x: x0 + at * dx, y: y0 + at * dy + 4, class: "nnkit-halo", "pointer-events": "none" });
  return { group, halo, stroke, arrow, turned, label };
}

function makeNeuron(parent, [x, y], name) {
  const group = svg(parent, "g");
  const halo = svg(group, "circle", { cx: x, cy: y, r: RADIUS + 4, fill: "none", stroke: "currentColor", "stroke-width": 5 });
  const circle = svg(group, "circle", { cx: x, cy: y, r: RADIUS, fill: "var(--paper)", stroke: "currentColor" });
  const text = (dy, attributes = {}) => svg(group, "text", { x, y: y + dy, "text-anchor": "middle", class: "nnkit-halo", ...attributes });
  const title = text(4, { class: "", "font-weight": 600, "font-size": 11.5 });
  title.textContent = name;
  const target = svg(group, "text", { x: x + RADIUS + 10, y: y + 4, class: "nnkit-halo" });
  return { group, halo, circle, title, target, middle: y, value: text(12, { class: "", "font-size": 11.5 }), bias: text(-RADIUS - 8), delta: text(RADIUS + 15, { "font-weight": 600 }) };
}

function drawGraph({ weights, neurons }, picture, { focus }) {
  const { a, delta, delta_name, W, b, y, updated, active, direction } = picture;
  const largest = Math.max(...W.flat(2).map(Math.abs)), used = new Set(picture.weights);
  for (const { name, at, j, i, group, halo, stroke, arrow: head, turned, label } of weights) {
    const w = W[at][j][i], moves = at === active, shown = used.has(name);
    const colour = w < 0 ? "var(--orange)" : "var(--blue)";
    place(stroke, { stroke: colour, "stroke-width": 0.8 + 3.2 * Math.abs(w) / largest,
      "stroke-dasharray": w < 0 ? "6 4" : "none", opacity: moves || shown || !direction ? 1 : 0.4 });
    place(head, { fill: colour, transform: turned(direction), visibility: moves ? "visible" : "hidden" });
    halo.setAttribute("stroke-opacity", name === focus ? 0.45 : shown ? 0.14 : 0);
    label.textContent = weights.length <= FEW || shown ? written(w, 3) : "";
    label.setAttribute("font-weight", updated ? 600 : 400);
    tell(group, `${name}, weight ${written(w, 3)}`, name === focus);
  }
  for (const { name, at, j, group, halo, circle, title, target, middle, value, bias, delta: below } of neurons) {
    if (at === W.length - 1) target.textContent = `y = ${written(y[j])}`;
    const known = at < a.length, back = delta[at];
    title.setAttribute("y", middle + (known ? -3 : 4));
    value.textContent = known ? written(a[at][j], 3) : "";
    bias.textContent = at ? `b ${updated ? "→ " : ""}${written(b[at][j], 3)}` : "";
    below.textContent = back ? `${delta_name} ${written(back[j], 3)}` : "";
    place(circle, { "stroke-width": known ? 2 : 1.2, "stroke-dasharray": known ? "none" : "3 3" });
    halo.style.display = name === focus ? "" : "none";
    const numbers = [known && value.textContent, bias.textContent, below.textContent].filter(Boolean);
    tell(group, `${name}: ${numbers.join(", ") || "not known yet"}`, name === focus);
  }
}

// Say what a part is; the Tab key finds the one that is looked at.
function tell(group, label, chosen) {
  place(group, { "aria-label": label, "aria-pressed": chosen, tabindex: chosen ? 0 : -1 });
}

// ---------------------------------------------------------------- the formulas

function writeFormulas(box, { head, direction, formulas, its_step }, { focus }) {
  const text = (words, style = "") => html("div", { style }, words);
  const rows = formulas.flatMap(({ symbol, law, filled, result }) => {
    const first = html("div", { style: "margin-top: 6px" }, html("strong", {}, symbol), law && ` = ${law}`);
    const numbers = html("div", { style: "padding-left: 1em" }, filled && `= ${filled} `, html("strong", {}, `= ${result}`));
    return [first, numbers];
  });
  box.replaceChildren(
    text(`${direction < 0 ? "← " : direction > 0 ? "→ " : ""}${head}`, "color: var(--faint)"),
    ...(rows.length ? rows : [text(`${focus}: its turn comes in step ${its_step}.`, "margin-top: 6px")]));
}

// ---------------------------------------------------------------- the cost of all updates

function makeCurve(plot, { curve, goal }, go) {
  plot.replaceChildren();
  const updates = Array.from(curve, ([epoch]) => Math.log10(1 + epoch)), costs = Array.from(curve, ([, cost]) => Math.log10(cost));
  const low = Math.floor(Math.min(...costs)), high = Math.ceil(Math.max(...costs)), last = curve.at(-1)[0];
  const decades = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  const frame = axes(plot, {
    ...BOX, x: [0, Math.log10(1 + last)], y: [low, high],
    xTicks: [0, 1, 10, 100, 1000, 8000].filter((tick) => tick <= last).map((tick) => [Math.log10(1 + tick), String(tick)]),
    yTicks: decades.map((tick) => [tick, written(10 ** tick)]), xLabel: "updates made", yLabel: "cost",
  });
  const ground = svg(frame.inside, "rect", { x: BOX.left, y: BOX.top, width: BOX.width, height: BOX.height, fill: "transparent" });
  svg(frame.inside, "polyline", { points: line(updates, costs, frame), fill: "none", stroke: "var(--blue)", "stroke-width": 2, "pointer-events": "none" });
  if (goal) {
    const height = frame.y(Math.log10(goal));
    svg(frame.inside, "line", { x1: BOX.left, x2: BOX.left + BOX.width, y1: height, y2: height, stroke: "currentColor", "stroke-dasharray": "2 3" });
    svg(frame.inside, "text", { x: BOX.left + 6, y: height - 5 }, `goal ${goal}`);
  }
  const handle = svg(frame.group, "circle", { r: 8, fill: "var(--paper)", stroke: "var(--orange)", "stroke-width": 3 });
  const there = (event) => go(10 ** frame.value(event)[0] - 1);
  draggable(handle, there);
  ground.addEventListener("click", there);
  return { frame, handle };
}
