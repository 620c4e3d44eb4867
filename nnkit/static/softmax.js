// Draws scores as bars that can be dragged, the probabilities they become, and the numbers on the way.
// All numbers come from Python (widgets/softmax.py).

import { explorer, html, written } from "./common.js";
import { axes, draggable, drawing, place, svg } from "./draw.js";

const BARS = { left: 40, top: 26, width: 310, height: 200 }; // both axes
const LOWEST = -5, HIGHEST = 5; // what can be dragged
const KEYS = { ArrowUp: 0.1, ArrowRight: 0.1, ArrowDown: -0.1, ArrowLeft: -0.1, PageUp: 1, PageDown: -1 };

export default explorer(({ stage, ask, latest }) => {
  const scores = drawing(stage, 360, 270, "");
  scores.setAttribute("role", "group"); // what is inside can be dragged
  const shares = drawing(stage, 360, 270, "");
  const table = stage.appendChild(html("table", { style: "flex: 1 1 100%; border-collapse: collapse; font-size: 12.5px; font-variant-numeric: tabular-nums" }));
  const drag = (i, value) => ask({ scores: latest("scores").with(i, onGrid(value)) });
  const now = () => latest("scores");
  let left = null, right = null;

  return (picture, state) => {
    if (left?.bars.length !== state.scores.length) {
      left = makeScores(scores, state.scores.length, now, drag);
      right = makeShares(shares, state.scores.length);
    }
    drawScores(left, picture, state);
    drawShares(right, picture, state);
    writeTable(table, picture);
    scores.setAttribute("aria-label", `The scores: ${picture.z.map((z) => written(z, 6)).join(", ")}. Arrow keys change one by 0.1.`);
    shares.setAttribute("aria-label", `The probabilities: ${picture.p.map((p) => p.toFixed(2)).join(", ")}.`);
  };
});

// The nearest tenth that can be dragged to: so two scores can be made equal.
function onGrid(value) { return Math.round(Math.min(HIGHEST, Math.max(LOWEST, value)) * 10) / 10; }

// ---------------------------------------------------------------- the scores

function makeScores(drawn, count, now, drag) {
  drawn.replaceChildren();
  const frame = makeFrame(drawn, count, [LOWEST, HIGHEST], "score z, drag");
  svg(frame.inside, "line", { x1: BARS.left, x2: BARS.left + BARS.width, y1: frame.y(0), y2: frame.y(0), stroke: "currentColor" });
  const bars = Array.from({ length: count }, (_, i) => {
    const group = svg(drawn, "g", { role: "slider", tabindex: 0, "data-lm-suppress-shortcuts": true, style: "outline: none",
      "aria-label": `Score of class ${i}`, "aria-orientation": "vertical", "aria-valuemin": LOWEST, "aria-valuemax": HIGHEST });
    const middle = frame.x(i), width = barWidth(count);
    const bar = svg(group, "rect", { x: middle - width / 2, width, "stroke-width": 1.5, "fill-opacity": 0.25, "pointer-events": "none" });
    const number = svg(group, "text", { x: middle, "text-anchor": "middle", class: "nnkit-halo", "pointer-events": "none" });
    const grip = svg(group, "rect", { x: middle - width / 2 - 3, width: width + 6, height: 10, rx: 5, "stroke-width": 2, fill: "var(--paper)", "pointer-events": "none" });
    const hold = svg(group, "rect", { x: middle - width / 2 - 6, width: width + 12, height: 30, fill: "transparent" });
    draggable(hold, (event) => drag(i, frame.value(event)[1]));
    hold.addEventListener("pointerdown", () => group.focus());
    group.addEventListener("focus", () => place(grip, { fill: "currentColor" }));
    group.addEventListener("blur", () => place(grip, { fill: "var(--paper)" }));
    group.addEventListener("keydown", (event) => {
      const value = { Home: LOWEST, End: HIGHEST }[event.key] ?? now()[i] + KEYS[event.key];
      if (Number.isNaN(value)) return;
      event.preventDefault();
      event.stopPropagation();
      drag(i, value);
    });
    return { group, bar, number, grip, hold };
  });
  return { frame, bars };
}

function drawScores({ frame, bars }, { z, best }, { scores }) {
  bars.forEach(({ group, bar, number, grip, hold }, i) => {
    const score = scores[i], top = frame.y(score), zero = frame.y(0), below = score < 0;
    const colour = below ? "var(--orange)" : "var(--blue)";
    place(bar, { y: Math.min(top, zero), height: Math.abs(top - zero), fill: colour, stroke: colour, "stroke-dasharray": below ? "5 3" : "none" });
    place(grip, { y: top - 5, stroke: colour });
    place(hold, { y: top - 15 });
    place(number, { y: below ? top + 20 : top - 10, "font-weight": best.includes(i) ? 700 : 400 });
    number.textContent = written(z[i], 6);
    place(group, { "aria-valuenow": score, "aria-valuetext": number.textContent });
  });
}

// ---------------------------------------------------------------- the probabilities

function makeShares(drawn, count) {
  drawn.replaceChildren();
  const frame = makeFrame(drawn, count, [-0.05, 1.15], "probability");
  const bars = Array.from({ length: count }, (_, i) => {
    const middle = frame.x(i), width = barWidth(count);
    return {
      bar: svg(frame.inside, "rect", { x: middle - width / 2, width, fill: "var(--blue)", "fill-opacity": 0.25, stroke: "var(--blue)" }),
      number: svg(drawn, "text", { x: middle, "text-anchor": "middle", class: "nnkit-halo" }),
      other: svg(drawn, "path", { fill: "var(--paper)", stroke: "var(--purple)", "stroke-width": 2 }),
      side: middle + width / 2,
    };
  });
  const legend = svg(drawn, "text", { x: BARS.left + BARS.width, y: BARS.top - 8, "text-anchor": "end", fill: "var(--purple)" });
  return { frame, bars, legend };
}

function drawShares({ frame, bars, legend }, { p, best, beside }, { beside: name }) {
  legend.textContent = beside.length ? `◇ ${name}` : "";
  bars.forEach(({ bar, number, other, side }, i) => {
    const top = frame.y(p[i]), winner = best.includes(i);
    place(bar, { y: top, height: frame.y(0) - top, "stroke-width": winner ? 4 : 1.5 });
    place(number, { y: top - 8, "font-weight": winner ? 700 : 400 });
    number.textContent = `${p[i].toFixed(2)}${winner && best.length > 1 ? " tie" : ""}`;
    const value = beside[i], there = value !== undefined && value !== null;
    other.style.display = there ? "" : "none";
    if (there) other.setAttribute("d", besideMark(side, value, frame));
  });
}

// A diamond; an arrow at the edge where the number lies beyond it.
function besideMark(x, value, { y, yRange: [low, high] }) {
  if (value > high) return `M${x} ${y(high)}l6 10h-12z`;
  if (value < low) return `M${x} ${y(low)}l6 -10h-12z`;
  return `M${x} ${y(value) - 7}l7 7l-7 7l-7 -7z`;
}

// ---------------------------------------------------------------- the way from one to the other

// A row for each class, and the sums.
function writeTable(table, { columns, cells }) {
  const classes = cells[0].length;
  const texts = [["class", ...columns],
    ...Array.from({ length: classes + 1 }, (_, i) => [i < classes ? String(i) : "sum", ...cells.map((column) => column[i] ?? "")])];
  if (table.rows.length !== texts.length || table.rows[0].cells.length !== texts[0].length) {
    table.replaceChildren(html("caption", { style: "text-align: left; color: var(--faint)" }, "m is the largest score"));
    texts.forEach((row, r) => table.append(html("tr", {}, ...row.map((_, c) => html(r && c ? "td" : "th", {
      scope: r ? (c ? undefined : "row") : "col",
      style: `text-align: right; vertical-align: bottom; padding: 2px min(6px, 0.75vw); ${r === 0 || r === classes ? "border-bottom: 1px solid var(--rule)" : ""}` })))));
  }
  texts.forEach((row, r) => row.forEach((text, c) => {
    const cell = table.rows[r].cells[c];
    if (cell.textContent !== text) cell.textContent = text;
  }));
}

function makeFrame(drawn, count, y, yLabel) {
  return axes(drawn, { ...BARS, x: [-0.5, count - 0.5], y, xLabel: "class", yLabel,
    xTicks: Array.from({ length: count }, (_, i) => [i, String(i)]) });
}

function barWidth(count) { return BARS.width / count * 0.56; }
