// Shows one picture out of several, the one that the slider is set to. All pictures were drawn in
// Python (widgets.py) beforehand; this file only swaps them.

function urls(model) {
  return model.get("frames").map((png) => {
    const bytes = new Uint8Array(png.buffer, png.byteOffset, png.byteLength);
    return URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
  });
}

function render({ model, el }) {
  const names = model.get("values"), sentences = model.get("readouts"), frames = urls(model);
  el.style.color = "var(--jp-ui-font-color1, inherit)"; // Jupyter's text colour, dark theme or light
  el.style.fontFamily = "var(--jp-ui-font-family, sans-serif)";
  const width = "max-width: 640px";

  const picture = document.createElement("img");
  picture.style.cssText = `display: block; width: 100%; ${width}; height: auto`;

  const label = document.createElement("label");
  label.style.cssText = `display: flex; gap: 0.75em; align-items: center; ${width}`;
  label.append(model.get("name"));
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = 0;
  slider.max = frames.length - 1;
  slider.step = 1;
  slider.style.flex = "1";
  slider.setAttribute("aria-label", model.get("name"));
  // Without this, Jupyter takes the arrow keys for its own.
  slider.setAttribute("data-lm-suppress-shortcuts", "true");
  label.append(slider);

  const readout = document.createElement("output");
  readout.className = "widget-readout";
  readout.style.cssText = `display: block; white-space: normal; line-height: 1.4; height: auto; min-height: 2.8em; ${width}; text-align: left`;
  el.append(picture, label, readout);

  function show() {
    const index = model.get("index");
    picture.src = frames[index];
    picture.alt = readout.textContent = sentences[index];
    slider.value = index;
    slider.setAttribute("aria-valuetext", names[index]);
  }
  slider.addEventListener("input", () => {
    model.set("index", Number(slider.value));
    model.save_changes();
  });
  model.on("change:index", show);
  show();
  return () => {
    model.off("change:index", show);
    frames.forEach((url) => URL.revokeObjectURL(url));
  };
}

export default { render };
