// What all explorers share in the browser: the controls, the message to and from Python, the prompt,
// errors. An explorer's own script draws:
//
//   import { explorer } from "./common.js";
//   export default explorer(({ stage, ask, snapped, latest, signal }) => {
//     …make the elements of the picture once, inside of `stage`…
//     return (picture, state) => { …draw what Python has computed… };
//   });
//
// `ask({ bias: 3 })` changes values as the controls do. `snapped("bias", 2.97)` is the nearest value
// that the slider or scale of that name takes. `latest("bias")` is what was last asked for, which Python may not
// have answered yet: what a key press adds to. `signal` is aborted when the explorer leaves the page: give it
// to every listener outside of `stage`.
//
// The message is described in widgets/base.py.

const PATIENCE = 5000; // milliseconds until a reader is told that Python does not answer

export function explorer(setup) {
  return { render: ({ model, el }) => new Page(setup, model, el).cleanup };
}

// Make an HTML element: its attributes, and what is inside.
export function html(name, attributes = {}, ...inside) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...inside);
  return node;
}

// Write a number as Python's format ":g" does, with a minus sign that is as wide as a plus.
export function written(value, digits = 4) {
  if (value === null || Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}

// Turn what `plain` in widgets/base.py has made of arrays into arrays again: a Float32Array, or a
// Uint8Array where each number is a byte; with rows, if it has two dimensions or more.
export function unpacked(value) {
  if (Array.isArray(value)) return value.map(unpacked);
  if (value === null || typeof value !== "object") return value;
  const { shape, values } = value;
  if (!(Array.isArray(shape) && values?.buffer)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unpacked(inner)]));
  }
  // A message's buffer need not start where an array of floats could.
  const start = values.byteOffset, bytes = values.buffer.slice(start, start + values.byteLength);
  const isBytes = values.byteLength === shape.reduce((product, n) => product * n, 1);
  return inRows(isBytes ? new Uint8Array(bytes) : new Float32Array(bytes), shape);
}

function inRows(flat, [length, ...inner]) {
  if (!inner.length) return flat;
  const each = inner.reduce((product, n) => product * n, 1);
  return Array.from({ length }, (_, i) => inRows(flat.subarray(i * each, (i + 1) * each), inner));
}

// ---------------------------------------------------------------- an explorer on a page

class Page {
  constructor(setup, model, el) {
    this.model = model;
    this.spec = model.get("spec");
    this.queue = []; // messages that wait for an answer to the one before
    this.unanswered = null; // that one
    this.repeating = null; // the name of the play button that is pressed
    this.view = Math.random().toString(36).slice(2, 8);
    this.count = 0;
    this.leaving = new AbortController();

    this.stage = html("div", { class: "nnkit-stage" });
    this.sentence = html("output", { class: "nnkit-sentence widget-readout" });
    this.error = html("p", { class: "nnkit-error", role: "alert", hidden: true });
    this.note = html("p", { class: "nnkit-note", role: "status", hidden: true });
    this.inputs = this.spec.controls.filter(({ name, kind }) => kind !== "value" && !this.hides(name))
      .map((control) => MAKE[control.kind](control, this));
    this.panel = html("fieldset", { class: "nnkit-controls" },
      html("legend", {}, `${this.spec.title}: controls`),
      ...this.rows(), this.bar());
    this.root = html("div", { class: "nnkit", role: "group", "aria-label": this.spec.title,
      "data-lm-suppress-shortcuts": "true", "data-explorer": this.spec.name });
    this.root.append(...this.prompt(), this.stage, this.sentence, this.error, this.note, this.panel);
    el.append(this.root);

    const tools = { stage: this.stage, signal: this.leaving.signal,
      ask: (values) => this.ask(values), snapped: (name, value) => this.snapped(name, value),
      latest: (name) => this.latest(name) };
    this.draw = setup(tools);
    const show = () => this.show();
    model.on("change:shown", show);
    show();
    this.cleanup = () => {
      model.off("change:shown", show);
      clearTimeout(this.timer);
      this.leaving.abort();
      this.queue = [];
      this.repeating = null;
      this.root.remove();
    };
  }

  // The controls, one below the other; buttons that follow one another stand side by side.
  rows() {
    const rows = [];
    for (const { control, row } of this.inputs) {
      if (control.kind !== "button") rows.push(row);
      else {
        if (!rows.at(-1)?.matches(".nnkit-presses")) rows.push(html("div", { class: "nnkit-presses" }));
        rows.at(-1).append(row);
      }
    }
    return rows;
  }

  hides(name) { return this.spec.hide.includes(name); }

  // ---- messages

  ask(values, action = null) {
    if (this.panel.disabled) return; // the reader has not predicted yet
    const last = this.queue.at(-1);
    if (last && !last.do) {
      Object.assign(last.set, values);
      last.do = action;
    } else this.queue.push({ set: { ...values }, do: action });
    this.root.dataset.busy = true; // tests wait for this, and measurements for `drawn`
    this.send();
  }

  send() {
    if (this.unanswered || !this.queue.length) return;
    this.unanswered = { id: `${this.view}-${++this.count}`, ...this.queue.shift() };
    this.model.send(this.unanswered);
    this.timer = setTimeout(() => this.tell(
      "Python does not answer. It may be busy with another cell; or it is not running, then run this cell again."), PATIENCE);
  }

  tell(text) {
    this.note.textContent = text;
    this.note.hidden = !text;
  }

  show() {
    const { id, state, picture, sentence, note, error } = this.model.get("shown");
    if (this.unanswered?.id === id) {
      this.unanswered = null;
      clearTimeout(this.timer);
      this.tell(note);
    }
    if (error || note) this.repeating = null;
    this.follow(state);
    if (this.repeating) this.again();
    this.send(); // Python computes the next picture while this one is drawn
    let problem = error && `Python could not do this. ${error}`;
    if (!error) {
      try {
        this.draw({ ...this.background(), ...unpacked(picture) }, state);
      } catch (failure) {
        console.error(failure);
        problem = `The picture could not be drawn. ${failure}`;
      }
      this.sentence.textContent = sentence;
    }
    this.error.hidden = !problem;
    this.error.textContent = problem;
    this.root.classList.toggle("nnkit-failed", Boolean(problem));
    this.root.dataset.busy = Boolean(this.unanswered);
    this.root.dataset.drawn = id;
  }

  // What seldom changes is the same object until it does.
  background() {
    const sent = this.model.get("background");
    if (sent !== this.sent) Object.assign(this, { sent, unpacked: unpacked(sent) });
    return this.unpacked;
  }

  // Press the play button again; on a page that nobody sees it waits until somebody does.
  again() {
    const press = () => this.repeating && this.ask({}, this.repeating);
    document.hidden ? requestAnimationFrame(press) : press();
  }

  // ---- controls

  // Let the controls show a state; but not those that the reader has moved on in the meantime.
  follow(state) {
    const ahead = new Set([this.unanswered, ...this.queue].flatMap((message) => Object.keys(message?.set ?? {})));
    for (const { control, row, set } of this.inputs) {
      row.hidden = !Object.entries(control.when).every(([name, value]) => state[name] === value);
      if (!ahead.has(control.name)) set?.(state[control.name], this.repeating === control.name);
    }
    const name = Object.entries(this.spec.presets)
      .find(([, values]) => Object.entries(values).every(([key, value]) => same(state[key], value)))?.[0];
    if (this.presets) this.presets.value = name ?? "";
  }

  latest(name) {
    return [this.unanswered, ...this.queue].reduce((value, message) => message?.set[name] ?? value,
      this.model.get("shown").state[name]);
  }

  snapped(name, value) {
    const state = this.model.get("shown").state;
    const { low, high, step, options } = this.spec.controls.find((control) => control.name === name &&
      Object.entries(control.when).every(([key, wanted]) => state[key] === wanted));
    if (options) return options.reduce((best, option) => Math.abs(option - value) < Math.abs(best - value) ? option : best);
    const nearest = low + Math.round((value - low) / step) * step;
    return Number(Math.min(high, Math.max(low, nearest)).toPrecision(12));
  }

  bar() {
    const bar = html("div", { class: "nnkit-bar" });
    if (!this.hides("presets") && Object.keys(this.spec.presets).length > 1) {
      this.presets = html("select", { "data-lm-suppress-shortcuts": "true" },
        html("option", { value: "", disabled: true }, "(your own)"),
        ...Object.keys(this.spec.presets).map((name) => html("option", { value: name }, name)));
      this.presets.addEventListener("change", () => this.ask(this.spec.presets[this.presets.value]));
      bar.append(html("label", {}, "Preset ", this.presets));
    }
    if (!this.hides("reset")) bar.append(button("Reset", () => {
      this.repeating = null;
      this.ask({}, "reset");
    }));
    if (!this.hides("copy")) {
      bar.append(button("Copy as code", async () => {
        await navigator.clipboard?.writeText(this.code()).catch(() => {}); // it is also shown
        this.tell(this.code());
      }));
    }
    return bar;
  }

  // The line of Python that makes the explorer in its present state; as `code` in widgets/base.py.
  code() {
    const state = this.model.get("shown").state;
    const values = Object.keys(Object.values(this.spec.presets)[0])
      .map((name) => `${name}=${python(state[name])}`);
    return `nn.widgets.${this.spec.name}(${values.join(", ")})`;
  }

  // ---- predict first

  prompt() {
    if (!this.spec.predict) return [];
    const answer = html("input", { type: "text", "aria-label": "Your prediction", "data-lm-suppress-shortcuts": "true" });
    const form = html("div", { class: "nnkit-predict" },
      html("p", {}, html("strong", {}, "Predict first. "), this.spec.predict),
      answer, button("That is my prediction", () => submit()));
    const said = html("p", { class: "nnkit-predict", hidden: true });
    const open = (prediction) => {
      this.panel.disabled = false;
      form.hidden = true;
      said.hidden = false;
      said.replaceChildren(html("strong", {}, "You predicted: "), prediction);
    };
    const submit = () => {
      if (!answer.value.trim()) return answer.focus();
      this.model.set("prediction", answer.value.trim());
      this.model.save_changes();
      open(answer.value.trim());
      this.panel.querySelector("input, select, button")?.focus();
    };
    answer.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // or the same key would press the button that gets the focus
      submit();
    });
    this.panel.disabled = true;
    if (this.model.get("prediction")) open(this.model.get("prediction"));
    return [form, said];
  }
}

function button(text, press, attributes = {}) {
  const node = html("button", { type: "button", "data-lm-suppress-shortcuts": "true", ...attributes }, text);
  node.addEventListener("click", press);
  return node;
}

function same(a, b) { return a === b || JSON.stringify(a) === JSON.stringify(b); }

function python(value) {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  return JSON.stringify(value);
}

// How each kind of control is made; `set` lets it show a value.
const MAKE = {
  slider(control, page) {
    const input = html("input", { type: "range", min: control.low, max: control.high, step: control.step,
      "aria-label": control.label, "data-lm-suppress-shortcuts": "true", name: control.name });
    const value = html("span", { class: "nnkit-value", "aria-hidden": "true" });
    const tell = () => {
      value.textContent = written(Number(input.value), 6);
      input.setAttribute("aria-valuetext", value.textContent);
    };
    input.addEventListener("input", () => {
      tell();
      page.ask({ [control.name]: Number(input.value) });
    });
    const row = html("div", { class: "nnkit-control" }, html("span", { "aria-hidden": "true" }, control.label), input, value);
    return { control, row, set: (number) => { input.value = number; tell(); } };
  },
  choice(control, page) {
    const select = html("select", { name: control.name, "data-lm-suppress-shortcuts": "true" },
      ...control.options.map((option, i) => html("option", { value: i }, String(option).replaceAll("_", " "))));
    select.addEventListener("change", () => page.ask({ [control.name]: control.options[select.value] }));
    const row = html("label", { class: "nnkit-control" }, html("span", {}, control.label), select);
    return { control, row, set: (option) => { select.value = control.options.indexOf(option); } };
  },
  scale(control, page) {
    const { name, label, options } = control;
    const input = html("input", { type: "range", min: 0, max: options.length - 1, "aria-label": label,
      "data-lm-suppress-shortcuts": "true", name });
    const value = html("span", { class: "nnkit-value", "aria-hidden": "true" });
    const tell = () => {
      value.textContent = written(options[input.value]);
      input.setAttribute("aria-valuetext", value.textContent);
    };
    input.addEventListener("input", () => {
      tell();
      page.ask({ [name]: options[input.value] });
    });
    const row = html("div", { class: "nnkit-control" }, html("span", { "aria-hidden": "true" }, label), input, value);
    return { control, row, set: (number) => { input.value = options.indexOf(number); tell(); } };
  },
  switch(control, page) {
    const input = html("input", { type: "checkbox", name: control.name, "data-lm-suppress-shortcuts": "true" });
    input.addEventListener("change", () => page.ask({ [control.name]: input.checked }));
    const row = html("label", { class: "nnkit-control nnkit-switch" }, input, html("span", {}, control.label));
    return { control, row, set: (on) => { input.checked = on; } };
  },
  button(control, page) {
    const press = () => {
      if (!control.repeats) return page.ask({}, control.name);
      page.repeating = page.repeating === control.name ? null : control.name;
      node.setAttribute("aria-pressed", page.repeating === control.name);
      if (page.repeating) page.ask({}, control.name);
    };
    const node = button(control.label, press, { name: control.name, "aria-pressed": control.repeats ? "false" : undefined });
    const row = html("div", { class: "nnkit-control nnkit-press" }, node);
    return { control, row, set: (_, pressed) => control.repeats && node.setAttribute("aria-pressed", pressed) };
  },
};
