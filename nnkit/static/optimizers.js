// Draws the race: on the left the surface from above with everybody's way, on the right the costs.
// All numbers come from Python (widgets/optimizers.py).

import { explorer, written } from "./common.js";
import { axes, draggable, drawing, line, place, svg } from "./draw.js";

const LOOKS = [
  { colour: "var(--blue)", dash: "2 4", shape: (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z` },
  { colour: "var(--orange)", dash: "8 4", shape: (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z` },
  { colour: "var(--green)", dash: "8 3 2 3", shape: (x, y, r) => `M${x} ${y - r * 1.3}l${r * 1.2} ${r * 2.2}h${-r * 2.4}z` },
  { colour: "var(--purple)", dash: "none", shape: (x, y, r) => `M${x} ${y - r * 1.4}l${r * 1.3} ${r * 1.4}l${-r * 1.3} ${r * 1.4}l${-r * 1.3} ${-r * 1.4}z` },
];
const STAR = "M0 -10L2.9 -3.1L10 -3.1L4.2 1.6L6.5 9L0 4.6L-6.5 9L-4.2 1.6L-10 -3.1L-2.9 -3.1Z";
const MARKED = 40; // so many of the last steps have a mark; more would hide one another
const LENGTHS = [25, 50, 100, 200, 300]; // of the axis of steps
const FLOOR = -4, CEILING = 3; // powers of ten of the costs

export default explorer(({ stage, ask, snapped }) => {
  const map = drawing(stage, 400, 320, ""), chart = drawing(stage, 372, 320, "");
  const key = LOOKS.map((look, i) => keyEntry(chart, look, 8 + 204 * (i % 2), 288 + 21 * Math.floor(i / 2)));
  let surface = null, length = null, seen = null, costs = null;

  return (picture, state) => {
    if (picture.surface !== surface) {
      surface = picture.surface;
      seen = makeMap(map, picture, ask, snapped);
    }
    const wanted = LENGTHS.find((steps) => steps >= state.steps);
    if (wanted !== length) {
      length = wanted;
      costs = makeChart(chart, length);
    }
    drawWays(seen, picture);
    drawCosts(costs, picture);
    key.forEach((text, i) => { text.textContent = `${picture.racers[i]} ${written(picture.costs[i], 3)}`; });
    const told = picture.racers.map((name, i) => `${name} at ${Array.from(picture.paths[i].at(-1), (p) => written(p, 3)).join(", ")}`);
    map.setAttribute("aria-label", `The surface from above, ${picture.names.join(" and ")}. ${told.join("; ")}.`);
    chart.setAttribute("aria-label", `The costs after ${state.steps} steps. ${key.map((text) => text.textContent).join("; ")}.`);
  };
});

function keyEntry(chart, { colour, dash, shape }, x, y) {
  svg(chart, "line", { x1: x, x2: x + 24, y1: y, y2: y, stroke: colour, "stroke-width": 2, "stroke-dasharray": dash });
  svg(chart, "path", { d: shape(x + 12, y, 4), fill: "var(--paper)", stroke: colour, "stroke-width": 1.8 });
  return svg(chart, "text", { x: x + 30, y: y + 4 });
}

// ---------------------------------------------------------------- the surface

function makeMap(map, { names, ranges, lines, bottoms }, ask, snapped) {
  map.replaceChildren();
  const frame = axes(map, { left: 44, top: 24, width: 344, height: 250, x: ranges[0], y: ranges[1], xLabel: names[0], yLabel: names[1] });
  for (const level of lines) {
    const points = Array.from(level, ([x, y]) => `${frame.x(x).toFixed(1)},${frame.y(y).toFixed(1)}`).join(" ");
    svg(frame.inside, "polyline", { points, fill: "none", stroke: "var(--faint)", "stroke-opacity": 0.55 });
  }
  for (const [x, y] of bottoms) {
    svg(frame.inside, "path", { d: STAR, transform: `translate(${frame.x(x)} ${frame.y(y)})`, fill: "var(--ink)", stroke: "var(--paper)" });
  }
  const ways = LOOKS.map(({ colour, dash }) => ({
    way: svg(frame.inside, "polyline", { fill: "none", stroke: colour, "stroke-width": 1.6, "stroke-dasharray": dash }),
    marks: svg(frame.inside, "path", { fill: "var(--paper)", stroke: colour, "stroke-width": 1.2 }),
    head: svg(frame.inside, "path", { fill: colour, stroke: "var(--paper)", "stroke-width": 1.5 }),
  }));
  const start = svg(frame.group, "circle", { r: 9, fill: "transparent", stroke: "var(--ink)", "stroke-width": 2.5 });
  draggable(start, (event) => {
    const [x, y] = frame.value(event);
    ask({ start1: snapped("start1", x), start2: snapped("start2", y) });
  });
  return { frame, ways, start };
}

function drawWays({ frame, ways, start }, { paths }) {
  ways.forEach(({ way, marks, head }, i) => {
    const places = Array.from(paths[i], ([x, y]) => [frame.x(x), frame.y(y)].map((at) => Math.round(at * 10) / 10));
    const { shape } = LOOKS[i];
    way.setAttribute("points", places.map((at) => at.join()).join(" "));
    marks.setAttribute("d", places.slice(-MARKED - 1, -1).map(([x, y]) => shape(x, y, 3)).join(""));
    head.setAttribute("d", shape(...places.at(-1), 6));
  });
  const [x, y] = paths[0][0];
  place(start, { cx: frame.x(x), cy: frame.y(y) });
}

// ---------------------------------------------------------------- the costs

function makeChart(chart, length) {
  chart.querySelector(".nnkit-axes")?.remove();
  const yTicks = [-4, -3, -2, -1, 0, 1, 2, 3].map((power) => [power, written(10 ** power)]);
  const frame = axes(chart, { left: 50, top: 24, width: 306, height: 210, x: [0, length], y: [FLOOR, CEILING],
    xLabel: "steps", yLabel: "cost above the lowest", yTicks });
  frame.curves = LOOKS.map(({ colour, dash }) => svg(frame.inside, "polyline", { fill: "none", stroke: colour, "stroke-width": 2, "stroke-dasharray": dash }));
  frame.heads = LOOKS.map(({ colour }) => svg(frame.inside, "path", { fill: colour }));
  return frame;
}

function drawCosts(frame, { heights }) {
  frame.curves.forEach((curve, i) => {
    const last = heights[i].length - 1;
    curve.setAttribute("points", line(Array.from(heights[i].keys()), heights[i], frame));
    frame.heads[i].setAttribute("d", LOOKS[i].shape(frame.x(last), frame.y(heights[i][last]), 4.5));
  });
}
