// Draws a net whose neurons are maps of the plane, one of them large with the points on it, and both
// losses. All numbers come from Python (widgets/playground.py).

import { explorer, html, written } from "./common.js";
import { axes, drawing, keepFinger, line, mark, place, svg } from "./draw.js";

const NET = { width: 400, height: 328, box: 36 };
const MAP = { left: 46, top: 24, width: 288, height: 288 };
const CURVE = { left: 56, top: 22, width: 278, height: 104 };
const POWERS = [-4, 1]; // of ten: the losses that are shown
const SHARP = Math.max(1, window.devicePixelRatio); // pixels of a canvas for one of the page
const REACH = 13; // how near to a point the eraser must come, and how far apart drawn points are

export default explorer(({ stage, ask, latest }) => {
  const left = html("div", { style: `flex: 1 1 300px; min-width: 0; max-width: ${NET.width}px` });
  const right = html("div", { style: "flex: 1 1 290px; min-width: 0; max-width: 344px" });
  const net = html("div", { role: "radiogroup", "aria-label": "Whose map is the large one", style: "position: relative" });
  const plane = html("div", { style: "position: relative" });
  const legend = html("div", { style: "font-size: 12.5px; min-height: 4.4em" });
  stage.append(left, right);
  left.append(net);
  const wires = drawing(net, NET.width, NET.height, "");
  const plot = drawing(left, NET.width, 166, "");
  right.append(plane, legend);
  const large = makeLarge(plane, ask, latest);
  let parts = null, curve = null, colours = null;

  return (picture, state) => {
    colours ??= packed(picture.colours);
    const kind = JSON.stringify([picture.sizes, picture.inputs]);
    if (parts?.kind !== kind) parts = makeNet(net, wires, picture, kind, (look) => ask({ look }));
    drawNet(parts, picture, state, colours);
    large.draw(picture, state, colours);
    legend.textContent = explained(picture, state);
    const end = roundAbove(Math.max(state.epoch, 10));
    if (curve?.end !== end) curve = makeCurve(plot, end);
    drawCurve(curve, picture);
    wires.setAttribute("aria-label", `The net ${picture.sizes.join("-")}. Arrow keys go from neuron to neuron.`);
    plot.setAttribute("aria-label", `The losses against the epochs. After ${state.epoch}: ${inWords(picture)}.`);
  };
});

function inWords({ loss, test_loss }) {
  const known = [[loss, "on the training points"], [test_loss, "on others"]].filter(([value]) => value !== null);
  return known.map(([value, where]) => `${written(value)} ${where}`).join(", ") || "none yet";
}

function explained({ classes, bounds }, { look, test }) {
  const whose = look === "output" ? "Output" : `Neuron ${look}`;
  const marks = classes ? "black triangles are class\u00a01, white circles class\u00a00" : "black triangles are dearer, white circles cheaper than the average";
  return `${whose}: from ${written(bounds[0], 3)} (dark) to ${written(bounds[1], 3)} (bright); on the line z = 0. Points: ${marks}${test ? "; test points are hollow" : ""}.`;
}

function roundAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= value);
}

// ---------------------------------------------------------------- maps

// The colours as a canvas keeps them: one number each.
function packed(colours) {
  return Uint32Array.from(colours, ([red, green, blue]) => 0xff000000 | blue << 16 | green << 8 | red);
}

const raster = document.createElement("canvas");

// Paint a map of side × side bytes onto a canvas, and a path. The outermost points of the map lie on
// the rim.
function paint(canvas, bytes, side, colours, path) {
  raster.width = raster.height = side;
  const pen = raster.getContext("2d"), pixels = pen.createImageData(side, side);
  const packedPixels = new Uint32Array(pixels.data.buffer);
  for (let row = 0; row < side; row++) { // y grows upwards
    for (let i = 0; i < side; i++) packedPixels[(side - 1 - row) * side + i] = colours[bytes[row * side + i]];
  }
  pen.putImageData(pixels, 0, 0);
  const context = canvas.getContext("2d"), size = canvas.width, rim = size / (side - 1) / 2;
  context.drawImage(raster, -rim, -rim, size + 2 * rim, size + 2 * rim);
  if (!path) return;
  const thickness = SHARP * (size > 100 * SHARP ? 2 : 1);
  for (const [style, width] of [["white", 2.5], ["black", 1]]) {
    Object.assign(context, { strokeStyle: style, lineWidth: width * thickness });
    context.stroke(path);
  }
}

// The lines where z is 0 as paths, one for each of `count` canvases. Python has stacked the maps,
// with a row between them.
function paths([xs, ys], count, side, size) {
  const found = Array.from({ length: count }, () => new Path2D()), scale = size / (side - 1);
  let begins = true;
  for (let i = 0; i < xs.length; i++) {
    const at = Math.floor((ys[i] + 0.5) / (side + 1)), path = found[at]; // a nan has none
    path?.[begins ? "moveTo" : "lineTo"](xs[i] * scale, size - (ys[i] - at * (side + 1)) * scale);
    begins = !path;
  }
  return found;
}

// ---------------------------------------------------------------- the net

function makeNet(net, wires, { sizes, inputs }, kind, look) {
  wires.replaceChildren();
  net.querySelectorAll(":scope > :not(svg)").forEach((node) => node.remove());
  const spots = sizes.map((size, layer) => Array.from({ length: size }, (_, j) => [
    34 + (NET.width - 68) * layer / (sizes.length - 1),
    NET.height / 2 - 6 + (j - (size - 1) / 2) * Math.min(66, (NET.height - 8) / size),
  ]));
  const parts = { kind, neurons: [], weights: [] };
  const lines = svg(wires, "g"), texts = svg(wires, "g", { "font-size": 11.5, "text-anchor": "middle", class: "nnkit-halo" });
  spots.forEach((column, layer) => column.forEach(([x, y], j) => {
    if (layer > 0) {
      parts.weights.push(spots[layer - 1].map((from) =>
        svg(lines, "line", { x1: from[0], y1: from[1], x2: x, y2: y })));
    }
    const isOutput = layer === sizes.length - 1, name = isOutput ? "output" : `${layer}.${j + 1}`;
    if (layer === 0 || isOutput) svg(texts, "text", { x, y: y + NET.box / 2 + 15 }, layer ? "output" : inputs[j]);
    parts.neurons.push({ name, layer, j, ...makeNeuron(net, x, y, layer, name) });
  }));
  const choose = (neuron) => {
    neuron.box.focus();
    look(neuron.name);
  };
  for (const neuron of parts.neurons.filter(({ layer }) => layer > 0)) {
    neuron.box.addEventListener("click", () => choose(neuron));
    neuron.box.addEventListener("keydown", (event) => {
      const next = neighbour(parts.neurons, neuron, event.key);
      if (!next) return;
      event.preventDefault();
      choose(next);
    });
  }
  return parts;
}

function makeNeuron(net, x, y, layer, name) {
  const canvas = html("canvas", { width: NET.box * SHARP, height: NET.box * SHARP, "aria-hidden": "true", style: "display: block; width: 100%; height: 100%" });
  const box = layer === 0 ? html("div", {}, canvas)
    : html("button", { type: "button", role: "radio", "data-look": name, "data-lm-suppress-shortcuts": "true",
      "aria-label": name === "output" ? "Output" : `Neuron ${name}` }, canvas);
  const share = (part, whole) => `${100 * part / whole}%`;
  box.style.cssText = `position: absolute; box-sizing: border-box; padding: 0; min-height: 0; overflow: hidden; border: 1px solid var(--ink); border-radius: 4px;
    left: ${share(x - NET.box / 2, NET.width)}; top: ${share(y - NET.box / 2, NET.height)}; width: ${share(NET.box, NET.width)}; height: ${share(NET.box, NET.height)}`;
  net.append(box);
  return { box, canvas };
}

// The neuron to which an arrow key leads, if there is one.
function neighbour(neurons, { layer, j }, key) {
  const [across, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] ?? [0, 0];
  const column = neurons.filter((other) => other.layer === layer + across && other.layer > 0);
  if (across) return column[Math.min(j, column.length - 1)];
  return down ? column[j + down] : undefined;
}

function drawNet({ neurons, weights }, { maps, zeros, W, inputs, sides }, { look }, colours) {
  const lines = paths(zeros, neurons.length - inputs.length, sides[0], NET.box * SHARP);
  neurons.forEach(({ name, layer, box, canvas }, i) => {
    paint(canvas, maps[i], sides[0], colours, lines[i - inputs.length]);
    if (layer === 0) return;
    const chosen = name === look;
    box.setAttribute("aria-checked", chosen);
    box.tabIndex = chosen ? 0 : -1;
    box.style.boxShadow = chosen ? "0 0 0 2px var(--paper), 0 0 0 5px var(--ink)" : "none";
  });
  let at = 0;
  for (const layer of W) {
    const largest = Math.max(...layer.map((row) => Math.max(...row.map(Math.abs)))) || 1;
    for (const row of layer) {
      weights[at++].forEach((wire, i) => place(wire, {
        stroke: row[i] < 0 ? "var(--orange)" : "var(--blue)", "stroke-dasharray": row[i] < 0 ? "5 3" : "none",
        "stroke-width": (0.4 + 4 * Math.abs(row[i]) / largest).toFixed(2),
      }));
    }
  }
}

// ---------------------------------------------------------------- the large map and the pen

function makeLarge(plane, ask, latest) {
  const size = { width: 344, height: 352 };
  const canvas = html("canvas", { width: MAP.width * SHARP, height: MAP.height * SHARP, "aria-hidden": "true", class: "nnkit-map" });
  canvas.style.cssText = `position: absolute; left: ${100 * MAP.left / size.width}%; top: ${100 * MAP.top / size.height}%;
    width: ${100 * MAP.width / size.width}%; height: ${100 * MAP.height / size.height}%`;
  plane.append(canvas);
  const over = drawing(plane, size.width, size.height, "");
  over.style.position = "relative";
  over.setAttribute("role", "group");
  const now = { kind: "", marks: [], frame: null, at: null };

  const put = ([x, y]) => {
    const points = latest("points"), pen = latest("pen");
    const near = ([px, py]) => Math.hypot(now.frame.x(px) - now.frame.x(x), now.frame.y(py) - now.frame.y(y)) < REACH;
    const rounded = [x, y].map((value) => Math.round(value * 100) / 100);
    ask({ points: pen.includes("erases") ? points.filter((point) => !near(point)) : [...points, [...rounded, pen.includes("triangle") ? 1 : 0]] });
  };

  const rebuild = ({ ranges: [x, y], axes: names, drawable }) => {
    over.replaceChildren();
    now.frame = axes(over, { ...MAP, x, y, xLabel: names[0], yLabel: names[1] });
    now.marks = [];
    now.groups = [0, 1].flatMap((isTest) => [0, 1].map((value) => ({ isTest, value, paths: makeMarks(now.frame.inside, isTest, value) })));
    if (!drawable) return;
    const ground = svg(now.frame.inside, "rect", { x: MAP.left, y: MAP.top, width: MAP.width, height: MAP.height, fill: "transparent", class: "nnkit-ground" });
    ground.style.cursor = "crosshair";
    keepFinger(ground);
    stroke(ground, now, put);
    pencil(now, x, y, put);
  };

  return { draw(picture, state, colours) {
    const kind = JSON.stringify([picture.ranges, picture.axes]);
    if (kind !== now.kind) rebuild(picture);
    now.kind = kind;
    const [line] = paths(picture.boundary, 1, picture.sides[1], canvas.width);
    paint(canvas, picture.large, picture.sides[1], colours, line);
    const marks = [picture.points, state.test ? picture.test_points : null];
    if (marks.some((points, i) => points !== now.marks[i])) drawMarks(now, marks);
    now.marks = marks;
    over.setAttribute("aria-label", `The map of ${state.look === "output" ? "the output" : `neuron ${state.look}`}, and ${picture.points.length} training points.`);
  } };
}

// Let a pointer put points where it goes.
function stroke(ground, now, put) {
  let last = null;
  const go = (event) => {
    const place = now.frame.value(event), [x, y] = [now.frame.x(place[0]), now.frame.y(place[1])];
    const isInside = x >= MAP.left && x <= MAP.left + MAP.width && y >= MAP.top && y <= MAP.top + MAP.height;
    if (!isInside || (last && Math.hypot(x - last[0], y - last[1]) < REACH)) return;
    last = [x, y];
    put(place);
  };
  ground.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return; // the right one opens a menu
    ground.setPointerCapture(event.pointerId);
    last = null;
    go(event);
  });
  ground.addEventListener("pointermove", (event) => ground.hasPointerCapture(event.pointerId) && go(event));
}

// A cross that arrow keys move; Enter puts a point there.
function pencil(now, x, y, put) {
  now.at = [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
  const group = svg(now.frame.group, "g", { tabindex: 0, role: "button", class: "nnkit-pencil", opacity: 0, "data-lm-suppress-shortcuts": "true" });
  group.style.pointerEvents = "none";
  group.style.outline = "none";
  for (const [colour, width] of [["white", 6], ["black", 2.5]]) {
    svg(group, "path", { d: "M-12 0h24M0 -12v24", stroke: colour, "stroke-width": width });
  }
  const move = (dx, dy) => {
    const within = (value, [low, high]) => Math.min(high, Math.max(low, value));
    now.at = [within(now.at[0] + dx * (x[1] - x[0]) / 20, x), within(now.at[1] + dy * (y[1] - y[0]) / 20, y)];
    place(group, { transform: `translate(${now.frame.x(now.at[0])} ${now.frame.y(now.at[1])})`,
      "aria-label": `Pen at ${now.at.map((value) => written(value, 3)).join(", ")}. Arrow keys move it, Enter draws.` });
  };
  move(0, 0);
  group.addEventListener("focus", () => group.setAttribute("opacity", 1));
  group.addEventListener("blur", () => group.setAttribute("opacity", 0));
  group.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (way) move(...way);
    else if (event.key === "Enter" || event.key === " ") put(now.at);
    else return;
    event.preventDefault();
  });
}

// The marks of one class: black in white, or white in black. So both are seen wherever they lie; and where
// they are many, all rims lie below all inks, and the classes stay apart. Those of test points are hollow.
function makeMarks(parent, isTest, value) {
  const [ink, rim] = value ? ["black", "white"] : ["white", "black"];
  const styles = isTest ? [{ stroke: rim, "stroke-width": 3.6 }, { stroke: ink, "stroke-width": 1.6 }]
    : [{ fill: ink, stroke: rim, "stroke-width": 2, "paint-order": "stroke" }];
  return styles.map((style) => svg(parent, "path", { fill: "none", ...style }));
}

function drawMarks({ groups, frame }, marks) {
  for (const { isTest, value, paths } of groups) {
    const outline = (marks[isTest] ?? []).filter((point) => point[2] === value)
      .map(([x, y]) => mark(value, Number(frame.x(x).toFixed(1)), Number(frame.y(y).toFixed(1)), 4)).join("");
    paths.forEach((path) => path.setAttribute("d", outline));
  }
}

// ---------------------------------------------------------------- the losses

function makeCurve(plot, end) {
  plot.replaceChildren();
  const yTicks = [-4, -3, -2, -1, 0, 1].map((power) => [power, String(Number(`1e${power}`))]);
  const frame = axes(plot, { ...CURVE, x: [0, end], y: POWERS, xLabel: "epochs", yLabel: "loss", yTicks });
  const series = [["training", "var(--blue)", "none"], ["test", "var(--orange)", "6 4"]].map(([name, stroke, dash]) => ({
    path: svg(frame.inside, "polyline", { fill: "none", stroke, "stroke-width": 2, "stroke-dasharray": dash }),
    text: svg(plot, "text", { x: CURVE.left + CURVE.width + 6, fill: stroke }, name),
  }));
  return { end, frame, series };
}

function drawCurve({ frame, series }, { curve: [epochs, ...losses] }) {
  const heights = series.map(({ path }, i) => {
    const powers = losses[i].map((loss) => Math.min(POWERS[1], Math.max(POWERS[0], Math.log10(loss))));
    path.setAttribute("points", line(epochs, powers, frame));
    return frame.y(powers.at(-1)) + 4;
  });
  const apart = Math.max(0, 14 - Math.abs(heights[1] - heights[0])) / 2 * (heights[1] < heights[0] ? -1 : 1);
  series.forEach(({ text }, i) => {
    text.style.display = Number.isFinite(heights[i]) ? "" : "none";
    if (Number.isFinite(heights[i])) text.setAttribute("y", heights[i] + (Number.isFinite(heights[1 - i]) ? (i ? apart : -apart) : 0));
  });
}
