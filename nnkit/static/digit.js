// Draws a digit as the net sees it and lets the reader draw on it; beside it the net with its
// activations; below, what the neurons of one layer look for. All numbers come from Python
// (widgets/digit.py).

import { explorer, html, written } from "./common.js";
import { draggable, drawing, place, svg } from "./draw.js";

const SIDE = 28, ZOOM = 10; // pixels of the picture, and points of the pad for each
const COLUMNS = [50, 165, 268], TOP = 44, GAP = 17, WIDE_GAP = 26, RADIUS = 7; // of the net
const BAR = { left: 302, width: 70 };
const EARLIEST = 0.4; // pixels from one point of a stroke to the next

export default explorer(({ stage, ask, latest }) => {
  const pad = makePad(stage, ask, latest);
  const graph = drawing(stage, 440, 358, "");
  const looks = makeLooks(stage, (neuron) => ask({ neuron }));
  let parts = null;

  return (picture, state) => {
    const sizes = picture.activations.map((layer) => layer.length);
    parts ??= makeNet(graph, sizes, (neuron) => ask({ neuron }));
    pad.show(picture, state);
    drawNet(graph, parts, picture);
    looks.show(picture, sizes);
  };
});

// ---------------------------------------------------------------- the pad

function makePad(stage, ask, latest) {
  const canvas = html("canvas", { width: SIDE * ZOOM, height: SIDE * ZOOM, tabindex: 0, role: "application",
    "data-lm-suppress-shortcuts": "true", class: "nnkit-pad" });
  canvas.style = "width: 100%; max-width: 280px; display: block; cursor: crosshair";
  const change = html("canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": "" });
  change.style = "width: 84px; image-rendering: pixelated; flex: none";
  const legend = html("span", { style: "font-size: 12.5px" });
  const hint = html("p", { role: "status", style: "margin: 4px 0; font-size: 12.5px; max-width: 280px; min-height: 2.8em" });
  const column = html("div", { style: "flex: 1 1 260px; min-width: 0; max-width: 300px" }, canvas, hint,
    html("div", { style: "display: flex; gap: 8px; align-items: center" }, change, legend));
  stage.append(column);

  const small = html("canvas", { width: SIDE, height: SIDE }); // drawn first, and then enlarged
  const cursor = { x: SIDE / 2 - 0.5, y: SIDE / 2 - 0.5, isDown: false };
  let now = null, isErasing = false, hasKeys = false;

  const begin = (x, y) => ask({ strokes: [...latest("strokes"), [latest("erase") ? 0 : 1, x, y]] });
  const goOn = (x, y) => {
    const strokes = latest("strokes"), last = strokes.at(-1);
    if (!last) return begin(x, y); // it has been cleared under the pen
    const [lastX, lastY] = last.slice(-2);
    if (Math.hypot(x - lastX, y - lastY) >= EARLIEST) ask({ strokes: [...strokes.slice(0, -1), [...last, x, y]] });
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
      .map((share) => Number((SIDE * Math.min(1, Math.max(0, share))).toFixed(1)));
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return; // the right one opens a menu
    cursor.isDown = false;
    begin(...at(event));
  });
  draggable(canvas, (event) => goOn(...at(event)));
  canvas.classList.remove("nnkit-handle"); // a pen, not a hand

  canvas.addEventListener("keydown", (event) => {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    if (!dx && !dy && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    cursor.x = Math.min(SIDE - 0.5, Math.max(0.5, cursor.x + dx));
    cursor.y = Math.min(SIDE - 0.5, Math.max(0.5, cursor.y + dy));
    if (event.key === " ") {
      cursor.isDown = !cursor.isDown;
      if (cursor.isDown) begin(cursor.x, cursor.y);
    } else if (cursor.isDown) goOn(cursor.x, cursor.y);
    paint();
  });
  for (const kind of ["focus", "blur"]) {
    canvas.addEventListener(kind, () => {
      hasKeys = kind === "focus" && canvas.matches(":focus-visible");
      if (!hasKeys) cursor.isDown = false;
      paint();
    });
  }

  function paint() {
    if (!now) return;
    const context = canvas.getContext("2d");
    drawPixels(small, now.x, GREYS, 0, 1);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, canvas.width, canvas.height);
    context.strokeStyle = "#808080"; // the middle 20 × 20, where the training digits are
    context.setLineDash([2, 4]);
    context.strokeRect(4 * ZOOM, 4 * ZOOM, 20 * ZOOM, 20 * ZOOM);
    context.setLineDash([]);
    if (hasKeys) {
      const [x, y] = [cursor.x * ZOOM, cursor.y * ZOOM];
      for (const [colour, width] of [["#000000", 5], ["#f0a04b", 2.5]]) {
        context.strokeStyle = colour;
        context.lineWidth = width;
        context.strokeRect(x - 7, y - 7, 14, 14);
        if (cursor.isDown) context.strokeRect(x - 2, y - 2, 4, 4);
      }
      context.lineWidth = 1;
    }
    const pen = isErasing ? "The pen erases. " : "";
    hint.textContent = pen + (hasKeys
      ? `Pen ${cursor.isDown ? "down" : "up"} at column ${Math.ceil(cursor.x)}, row ${Math.ceil(cursor.y)}: arrows move, space ${cursor.isDown ? "lifts it" : "sets it down"}.`
      : "Draw with mouse or finger; with keys: Tab to the picture, space, arrows.");
  }

  const show = (picture, { erase }) => {
    [now, isErasing] = [picture, erase];
    paint();
    const moved = picture.change.some((value) => value);
    drawPixels(change, picture.change, SIGNED, -0.3, 0.3);
    change.setAttribute("aria-label", moved ? "Which pixels were moved" : "No pixel was moved");
    legend.textContent = moved ? "The change: yellow is lighter, dark blue darker, grey as before." : "No pixel has been moved.";
    canvas.setAttribute("aria-label", `The picture, 28 × 28 pixels. The net says ${picture.answer}. Space sets the pen down and lifts it, arrow keys move it.`);
  };
  return { show };
}

// 256 colours from black to white; and from dark blue over grey to yellow, which also grows from dark to
// bright. Each is a pixel as image data hold it: alpha, blue, green, red.
const GREYS = colours((share) => [255 * share, 255 * share, 255 * share]);
const SIGNED = colours((share) => {
  const [from, to] = [[124, 123, 120], share < 0.5 ? [0, 32, 77] : [255, 234, 70]];
  return from.map((part, i) => part + Math.abs(2 * share - 1) * (to[i] - part));
});

function colours(mix) {
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const [red, green, blue] = mix(i / 255).map(Math.round);
    return (255 << 24) | (blue << 16) | (green << 8) | red;
  });
}

// Draw 28 × 28 values, `low` to `high`, all over a canvas.
function drawPixels(canvas, values, colours, low, high) {
  const image = new ImageData(SIDE, SIDE), pixels = new Uint32Array(image.data.buffer);
  const factor = 255 / (high - low);
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = colours[Math.max(0, Math.min(255, Math.round((values[i] - low) * factor)))];
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

// ---------------------------------------------------------------- the net

function makeNet(graph, sizes, look) {
  const height = TOP + GAP * 16;
  const spots = sizes.map((size, layer) => Array.from({ length: size }, (_, i) => {
    const gap = layer === 2 ? WIDE_GAP : GAP;
    return [COLUMNS[layer], (TOP + height) / 2 + (i - (size - 1) / 2) * gap - GAP / 2];
  }));
  const all = [];
  for (const layer of [1, 2]) {
    for (const [x1, y1] of spots[layer - 1]) for (const [x2, y2] of spots[layer]) all.push(`M${x1} ${y1}L${x2} ${y2}`);
  }
  for (const [x, y] of spots[0]) all.push(`M4 ${spots[0][0][1] + (y - spots[0][0][1]) * 0.9 + 12}L${x} ${y}`);
  svg(graph, "path", { d: all.join(""), stroke: "currentColor", "stroke-opacity": 0.1, fill: "none" });
  const terms = svg(graph, "g");
  ["layer 1", "layer 2", "outputs"].forEach((text, i) => svg(graph, "text", { x: COLUMNS[i], y: 22, "text-anchor": "middle" }, text));
  let number = 0;
  const neurons = spots.map((column, layer) => column.map(([x, y], i) => {
    const mine = ++number, group = svg(graph, "g", { style: "cursor: pointer" });
    const title = svg(group, "title");
    const gap = layer === 2 ? WIDE_GAP : GAP; // all of it takes a finger
    svg(group, "rect", { x: x - 24, y: y - gap / 2, width: layer === 2 ? 180 : 48, height: gap, fill: "transparent" });
    const halo = svg(group, "circle", { cx: x, cy: y, r: RADIUS + 3.5, fill: "none", stroke: "var(--blue)", "stroke-width": 0 });
    svg(group, "circle", { cx: x, cy: y, r: RADIUS, fill: "var(--paper)", stroke: "currentColor" });
    const disc = svg(group, "circle", { cx: x, cy: y, r: 0, fill: "currentColor" });
    group.addEventListener("click", () => look(mine));
    if (layer < 2) return { title, halo, disc };
    const digit = svg(group, "text", { x: x + 14, y: y + 4.5 }, String(i));
    const bar = svg(group, "rect", { x: BAR.left, y: y - 7, height: 14, width: 0 });
    const value = svg(group, "text", { y: y + 4.5 });
    return { title, halo, disc, digit, bar, value };
  }));
  const lines = [0, 1].map((i) => svg(graph, "text", { x: 4, y: 330 + 20 * i, "font-weight": i ? 600 : 400 }));
  return { spots, neurons, terms, lines, used: [] };
}

function drawNet(graph, { spots, neurons, terms, lines, used }, picture) {
  const { activations, layer, unit, answer, right } = picture;
  neurons.forEach((column, at) => column.forEach(({ title, halo, disc, digit, bar, value }, i) => {
    const a = activations[at][i];
    place(disc, { r: RADIUS * Math.sqrt(Math.min(1, Math.abs(a))) });
    place(halo, { "stroke-width": at === layer && i === unit ? 3 : 0 });
    title.textContent = `${named(at, i)}: a = ${written(a, 3)}`;
    if (!bar) return;
    const length = BAR.width * Math.min(1, Math.max(0, a)), isAnswer = i === answer;
    place(bar, { width: length, fill: isAnswer ? "var(--blue)" : "var(--faint)", "fill-opacity": isAnswer ? 1 : 0.5 });
    place(digit, { "font-weight": isAnswer ? 700 : 400 });
    place(value, { x: BAR.left + length + 5, "font-weight": isAnswer ? 700 : 400 });
    value.textContent = a.toFixed(2) + (i === right && picture.is_labelled ? " ✓" : "") + (isAnswer ? " ◀" : "");
  }));

  while (used.length < picture.terms.length) used.push(svg(terms, "line"));
  const largest = Math.max(...picture.terms.map(Math.abs), 1e-9);
  used.forEach((line, i) => {
    const term = picture.terms[i];
    line.style.display = term === undefined ? "none" : "";
    if (term === undefined) return;
    const [[x1, y1], [x2, y2]] = [spots[layer - 1][i], spots[layer][unit]];
    place(line, { x1, y1, x2, y2, stroke: term < 0 ? "var(--orange)" : "var(--blue)",
      "stroke-width": 0.4 + 3.6 * Math.abs(term) / largest, "stroke-dasharray": term < 0 ? "5 4" : "none" });
  });
  const bias = picture.z - picture.sum;
  lines[0].textContent = `${named(layer, unit)}: z = w·${layer ? "a" : "x"} + b = ${written(picture.sum, 3)} ${bias < 0 ? "−" : "+"} ${written(Math.abs(bias), 3)} = ${written(picture.z, 3)}`;
  lines[1].textContent = `a = ${written(picture.a, 3)}`;
  graph.setAttribute("aria-label", `The net. ${lines[0].textContent}, ${lines[1].textContent}. Outputs: ${Array.from(activations[2], (a, i) => `${i}: ${a.toFixed(2)}`).join(", ")}.`);
}

function named(layer, unit) { return layer === 2 ? `output ${unit}` : `layer ${layer + 1}, neuron ${unit + 1}`; }

// ---------------------------------------------------------------- what neurons look for

function makeLooks(stage, look) {
  const box = html("div", { style: "flex: 1 1 100%; min-width: 0" });
  const caption = html("p", { style: "margin: 2px 0 4px; font-size: 12.5px" });
  const large = picture("132px"), small = html("div", { style: "display: flex; flex-wrap: wrap; gap: 4px; flex: 1 1 300px; max-width: 540px" });
  box.append(caption, html("div", { style: "display: flex; flex-wrap: wrap; gap: 10px; align-items: start" }, large, small));
  stage.append(box);
  const tiles = Array.from({ length: 16 }, (_, i) => {
    const canvas = picture("56px"), text = html("span", { style: "font-size: 12px; line-height: 1.2" });
    const node = html("button", { type: "button", tabindex: -1 }, canvas, text); // the slider has the keys
    node.style = "display: grid; justify-items: center; padding: 1px; min-height: 0; background: none; color: var(--ink)";
    canvas.setAttribute("aria-hidden", "true");
    small.append(node);
    const tile = { node, canvas, text };
    node.addEventListener("click", () => look(tile.number));
    return tile;
  });

  function show({ looks, limit, layer, unit, activations }, sizes) {
    const before = sizes.slice(0, layer).reduce((sum, size) => sum + size, 0);
    tiles.forEach(({ node, canvas, text }, i) => {
      node.hidden = i >= looks.length;
      if (node.hidden) return;
      tiles[i].number = before + i + 1;
      drawPixels(canvas, looks[i], SIGNED, -limit, limit);
      text.textContent = `${layer === 2 ? i : i + 1}: ${activations[layer][i].toFixed(2)}`;
      node.setAttribute("aria-label", `${named(layer, i)}, a = ${activations[layer][i].toFixed(2)}`);
      node.setAttribute("aria-current", i === unit);
      node.style.border = i === unit ? "3px solid var(--blue)" : "3px solid transparent";
      node.style.fontWeight = i === unit ? 700 : 400;
    });
    drawPixels(large, looks[unit], SIGNED, -limit, limit);
    large.setAttribute("role", "img");
    large.setAttribute("aria-label", `What ${named(layer, unit)} looks for, pixel by pixel`);
    caption.textContent = (layer
      ? `What ${layer === 2 ? "the outputs" : "layer 2"} would like to see changed in this picture, ∂z/∂x, each with its activation. `
      : "What layer 1 looks for: the weights of each neuron, with its activation. ")
      + `Yellow: white here raises z (up to ${written(limit, 3)}); dark blue: it lowers z; grey: no matter.`;
  }
  return { show };
}

function picture(size) {
  const canvas = html("canvas", { width: SIDE, height: SIDE });
  canvas.style = `width: ${size}; height: ${size}; image-rendering: pixelated; flex: none`;
  return canvas;
}
