// Draws the cost of deck B's net against the number of updates, for the learning rate that the
// slider is set to. All numbers come from Python (widgets.py); this file only draws.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 640, HEIGHT = 340;
const LEFT = 64, RIGHT = 16, TOP = 16, BOTTOM = 48; // room for the axes

function element(parent, name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  parent.append(node);
  return node;
}

// One Float32Array per learning rate.
function rows(model) {
  const bytes = model.get("costs"); // a DataView
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const length = all.length / model.get("learning_rates").length;
  return Array.from({ length: all.length / length }, (_, i) => all.subarray(i * length, (i + 1) * length));
}

// Functions from updates and cost to places in the picture; the cost's axis is logarithmic.
function scales(curves, goal) {
  let low = goal, high = goal;
  for (const curve of curves) for (const cost of curve) {
    if (cost > 0 && cost < low) low = cost;
    if (cost > high) high = cost;
  }
  const bottom = Math.floor(Math.log10(low)), top = Math.ceil(Math.log10(high));
  const updates = curves[0].length - 1;
  const x = (update) => LEFT + (WIDTH - LEFT - RIGHT) * update / updates;
  const y = (cost) => TOP + (HEIGHT - TOP - BOTTOM) *
    (top - Math.log10(Math.max(cost, 10 ** bottom))) / (top - bottom);
  return { x, y, bottom, top, updates };
}

function drawAxes(svg, { x, y, bottom, top, updates }) {
  for (let power = bottom; power <= top; power++) {
    const cost = 10 ** power;
    element(svg, "line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(cost), y2: y(cost), stroke: "currentColor", "stroke-opacity": 0.25 });
    element(svg, "text", { x: LEFT - 8, y: y(cost) + 4, "text-anchor": "end" }, String(Number(cost.toPrecision(1))));
  }
  for (let quarter = 0; quarter <= 4; quarter++) {
    const update = Math.round(updates * quarter / 4);
    const anchor = quarter === 4 ? "end" : "middle";
    element(svg, "text", { x: x(update) + (quarter === 4 ? RIGHT / 2 : 0), y: HEIGHT - BOTTOM + 18, "text-anchor": anchor }, update.toLocaleString("en"));
  }
  element(svg, "text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 8, "text-anchor": "middle" }, "updates");
  element(svg, "text", { transform: `translate(14 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)`, "text-anchor": "middle" }, "cost");
}

function points(curve, { x, y }) {
  return Array.from(curve, (cost, update) => `${x(update).toFixed(1)},${y(cost).toFixed(1)}`).join(" ");
}

function render({ model, el }) {
  const rates = model.get("learning_rates"), goal = model.get("goal");
  const curves = rows(model), scale = scales(curves, goal);
  el.style.color = "var(--jp-ui-font-color1, inherit)"; // Jupyter's text colour, dark theme or light
  el.style.fontFamily = "var(--jp-ui-font-family, sans-serif)";

  const svg = element(el, "svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", fill: "currentColor", "font-size": 13 });
  svg.style.cssText = `display: block; width: 100%; max-width: ${WIDTH}px`;
  drawAxes(svg, scale);
  element(svg, "line", { x1: LEFT, x2: WIDTH - RIGHT, y1: scale.y(goal), y2: scale.y(goal), stroke: "currentColor", "stroke-dasharray": "2 4", "stroke-width": 1.5 });
  element(svg, "text", { x: LEFT + 6, y: scale.y(goal) - 5 }, `goal ${goal}`);
  const start = model.get("start");
  element(svg, "polyline", { points: points(curves[start], scale), fill: "none", stroke: "currentColor", "stroke-opacity": 0.6, "stroke-dasharray": "6 4" });
  const curve = element(svg, "polyline", { fill: "none", "stroke-width": 2.5, "stroke-linejoin": "round" });
  curve.style.stroke = "var(--nnkit-curve, #2a8fd0)"; // 3.5 : 1 on white, 5 : 1 on dark grey

  const label = document.createElement("label");
  label.style.cssText = `display: flex; gap: 0.75em; align-items: center; max-width: ${WIDTH}px`;
  label.append("Learning rate");
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = 0;
  slider.max = rates.length - 1;
  slider.step = 1;
  slider.style.flex = "1";
  slider.setAttribute("aria-label", "Learning rate");
  // Without this, Jupyter takes the arrow keys for its own.
  slider.setAttribute("data-lm-suppress-shortcuts", "true");
  label.append(slider);
  const readout = document.createElement("output");
  readout.className = "widget-readout";
  readout.style.cssText = `display: block; white-space: normal; line-height: 1.4; height: auto; min-height: 2.8em; max-width: ${WIDTH}px; text-align: left`;
  el.append(label, readout);

  function show() {
    const index = model.get("index"), sentence = model.get("readouts")[index];
    curve.setAttribute("points", points(curves[index], scale));
    svg.setAttribute("aria-label", `Cost against updates, on a logarithmic scale. ${sentence}`);
    slider.value = index;
    slider.setAttribute("aria-valuetext", String(rates[index]));
    readout.textContent = sentence + (index === start ? "" : ` Dashed: learning rate ${rates[start]}.`);
  }
  slider.addEventListener("input", () => {
    model.set("index", Number(slider.value));
    model.save_changes();
  });
  model.on("change:index", show);
  show();
  return () => model.off("change:index", show);
}

export default { render };
