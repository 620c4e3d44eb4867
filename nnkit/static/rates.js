// Draws what a learning rate does: the way over the cost, the costs step by step, and what each of
// about fifty rates reaches. All numbers come from Python (widgets/rates.py).

import { explorer, written } from "./common.js";
import { axes, draggable, drawing, line, place, svg } from "./draw.js";

const STAR = "M0 -10L2.9 -3.1L10 -3.1L4.2 1.6L6.5 9L0 4.6L-6.5 9L-4.2 1.6L-10 -3.1L-2.9 -3.1Z";
const WAY = { fill: "none", stroke: "var(--orange)", "stroke-width": 2, "stroke-dasharray": "5 3" };
const ALL = { left: 46, top: 24, width: 402, height: 132 };
const FAINT = { fill: "none", stroke: "var(--faint)", "stroke-opacity": 0.45, "stroke-width": 0.8 };

export default explorer(({ stage, ask, snapped }) => {
  const land = drawing(stage, 370, 280, ""), chart = drawing(stage, 370, 280, ""), all = drawing(stage, 460, 200, "");
  place(all, { style: "max-width: 560px; flex: 1 0 100%" }); // a row of its own
  let scene = null, parts = {};

  return (picture, state) => {
    if (picture.scene !== scene) {
      scene = picture.scene;
      land.style.display = picture.names ? "" : "none";
      chart.style.maxWidth = picture.names ? "370px" : "560px";
      parts = { chart: makeChart(chart, picture), all: makeAll(all, picture, ask) };
      if (picture.names) parts.land = makeLand(land, picture, ask, snapped);
    }
    if (picture.names) drawLand(land, parts.land, picture);
    drawChart(chart, parts.chart, picture, state);
    all.style.display = state.all ? "" : "none";
    drawAll(all, parts.all, picture, state);
  };
});

function makeStar(frame, x, y) {
  svg(frame.inside, "path", { d: STAR, transform: `translate(${frame.x(x)} ${frame.y(y)})`, fill: "var(--ink)", stroke: "var(--paper)" });
}

// ---------------------------------------------------------------- the cost as a curve or a map, and the way

function makeLand(land, { names, ranges, curve, lines, bottoms, heights_drawn: heights }, ask, snapped) {
  land.replaceChildren();
  const oneInput = names.length === 1;
  const frame = axes(land, { left: 46, top: 24, width: 312, height: 210, x: ranges[0], y: oneInput ? heights : ranges[1],
    xLabel: names[0], yLabel: oneInput ? "cost" : names[1] });
  if (oneInput) svg(frame.inside, "polyline", { points: line(...curve, frame), fill: "none", stroke: "var(--blue)", "stroke-width": 2 });
  for (const level of lines) {
    svg(frame.inside, "polyline", { ...FAINT, "stroke-width": 1, points: Array.from(level, ([x, y]) => `${frame.x(x).toFixed(1)},${frame.y(y).toFixed(1)}`).join(" ") });
  }
  if (!oneInput) bottoms.forEach(([x, y]) => makeStar(frame, x, y));
  frame.way = svg(frame.inside, "polyline", WAY);
  frame.dots = svg(frame.inside, "path", { fill: "var(--paper)", stroke: "var(--orange)", "stroke-width": 1.5 });
  frame.now = svg(frame.inside, "circle", { r: 6, fill: "var(--orange)", stroke: "var(--paper)", "stroke-width": 1.5 });
  frame.start = svg(frame.group, "circle", { r: 9, fill: "transparent", stroke: "var(--ink)", "stroke-width": 2.5 });
  draggable(frame.start, (event) => {
    const [x, y] = frame.value(event);
    ask(oneInput ? { start1: snapped("start1", x) } : { start1: snapped("start1", x), start2: snapped("start2", y) });
  });
  return frame;
}

function drawLand(land, frame, { names, way, on, last, cost }) {
  const places = Array.from(way, ([x, y], i) => [frame.x(x).toFixed(1), frame.y(y ?? on[i]).toFixed(1)]);
  frame.way.setAttribute("points", places.map((at) => at.join()).join(" "));
  frame.dots.setAttribute("d", places.map(([x, y]) => `M${x - 3} ${y}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z`).join(""));
  place(frame.now, { cx: places.at(-1)[0], cy: places.at(-1)[1] });
  place(frame.start, { cx: places[0][0], cy: places[0][1] });
  const told = names.map((name, i) => `${name} ${written(last[i])}`).join(", ");
  land.setAttribute("aria-label", `The cost, and the way downhill over it: now ${told}, cost ${written(cost)}.`);
}

// ---------------------------------------------------------------- the costs, step by step

function makeChart(chart, { ticks, most, names, rates, usual }) {
  chart.replaceChildren();
  const frame = axes(chart, { left: 46, top: 24, width: 304, height: 190, x: [0, most], y: [ticks[0][0], ticks.at(-1)[0]],
    xLabel: names ? "steps" : "updates of all weights", yLabel: "cost", yTicks: ticks });
  frame.others = svg(frame.inside, "path", FAINT);
  frame.usual = svg(frame.inside, "polyline", { fill: "none", stroke: "var(--blue)", "stroke-width": 1.8, "stroke-dasharray": "2 4" });
  frame.own = svg(frame.inside, "polyline", { fill: "none", stroke: "var(--orange)", "stroke-width": 2.5 });
  frame.now = svg(frame.inside, "circle", { r: 5, fill: "var(--orange)" });
  svg(chart, "line", { x1: 46, x2: 72, y1: 268, y2: 268, stroke: "var(--orange)", "stroke-width": 2.5 });
  frame.ownName = svg(chart, "text", { x: 78, y: 272 });
  svg(chart, "line", { x1: 152, x2: 178, y1: 268, y2: 268, stroke: "var(--blue)", "stroke-width": 1.8, "stroke-dasharray": "2 4" });
  svg(chart, "text", { x: 184, y: 272 }, `usual: ${written(rates[usual])}`);
  frame.othersName = svg(chart, "text", { x: 358, y: 272, "text-anchor": "end", fill: "var(--faint)" }, "faint: others");
  return frame;
}

function drawChart(chart, frame, { heights, own, usual, pace, cost, rates }, { steps, all }) {
  const updates = Array.from(heights[0], (_, i) => i * pace);
  const points = (i) => line(updates, heights[i], frame);
  for (const node of [frame.others, frame.othersName]) node.style.display = all ? "" : "none";
  frame.others.setAttribute("d", heights.map((_, i) => `M${points(i)}`).join(""));
  frame.usual.setAttribute("points", points(usual));
  frame.own.setAttribute("points", points(own));
  place(frame.now, { cx: frame.x(updates.at(-1)), cy: frame.y(heights[own].at(-1)) });
  frame.ownName.textContent = `rate ${written(rates[own])}`;
  chart.setAttribute("aria-label", `The cost against the steps; after ${steps} it is ${written(cost)} with rate ${written(rates[own])}.`);
}

// ---------------------------------------------------------------- all rates at once

function makeAll(all, { rates, ticks, limit, names }, ask) {
  all.replaceChildren();
  const powers = !names; // the net's rates are so far apart that they are drawn by powers of ten
  const at = powers ? Math.log10 : (rate) => rate;
  const range = [at(rates[0]), at(rates.at(-1))];
  const xTicks = powers ? [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30].map((rate) => [at(rate), written(rate)]) : undefined;
  const frame = axes(all, { ...ALL, x: range, y: [ticks[0][0], ticks.at(-1)[0]],
    xLabel: "learning rate", yLabel: "", yTicks: ticks, ...(xTicks && { xTicks }) });
  frame.at = at;
  frame.title = svg(all, "text", { x: ALL.left, y: 16, fill: "var(--faint)" });
  const ground = svg(frame.inside, "rect", { x: ALL.left, y: ALL.top, width: ALL.width, height: ALL.height, fill: "transparent" });
  if (limit !== null) {
    const x = frame.x(limit);
    svg(frame.inside, "line", { x1: x, x2: x, y1: ALL.top, y2: ALL.top + ALL.height, stroke: "var(--purple)", "stroke-width": 2, "stroke-dasharray": "2 3" });
    svg(frame.inside, "text", { x: x + 6, y: ALL.top + ALL.height - 6, class: "nnkit-halo" }, `above ${written(limit)} it diverges`);
  }
  frame.curve = svg(frame.inside, "polyline", { fill: "none", stroke: "var(--blue)", "stroke-width": 1.2, "pointer-events": "none" });
  frame.dots = svg(frame.inside, "path", { fill: "var(--blue)", "pointer-events": "none" });
  frame.post = svg(frame.inside, "line", { y1: ALL.top, y2: ALL.top + ALL.height, stroke: "var(--orange)", "stroke-width": 2, "pointer-events": "none" });
  frame.handle = svg(frame.group, "circle", { r: 9, fill: "var(--paper)", stroke: "var(--orange)", "stroke-width": 3 });
  const choose = (event) => {
    const [x] = frame.value(event);
    ask({ rate: rates.reduce((best, rate) => Math.abs(at(rate) - x) < Math.abs(at(best) - x) ? rate : best) });
  };
  ground.addEventListener("click", choose);
  draggable(frame.handle, choose);
  return frame;
}

function drawAll(all, frame, { rates, own, reached, near, worse }, { steps }) {
  const xs = rates.map(frame.at);
  frame.title.textContent = `cost after ${written(steps)} steps, with each of ${rates.length} rates`;
  frame.curve.setAttribute("points", line(xs, reached, frame));
  frame.dots.setAttribute("d", xs.map((x, i) => `M${frame.x(x) - 2.5} ${frame.y(reached[i])}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0z`).join(""));
  const x = frame.x(xs[own]);
  place(frame.post, { x1: x, x2: x });
  place(frame.handle, { cx: x, cy: frame.y(reached[own]) });
  all.setAttribute("aria-label", `The cost after ${steps} steps with each of ${rates.length} learning rates: ${near} are within 0.01 of the lowest, ${worse} are higher than at the start.`);
}
