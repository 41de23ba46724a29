/* The painter of the data map. Points come as one binary (webui/data_map.py says how it is laid out)
   and are painted pixel by pixel into an image: no graphics card is needed, and a hundred thousand
   of them take a few milliseconds. Nothing here writes a style or evaluates a text. */
(() => {
  "use strict";
  const HEAD = 32, NO_THEME = 65535, FULL = 65535;
  const GRID = 256, NEAR = 14, CLOSEST = 400, STEP = 60;
  const FAINT = 0.16;

  function read(buffer) {
    const head = new DataView(buffer);
    const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
    const count = head.getUint32(4, true);
    if (magic !== "BSM1" || buffer.byteLength !== HEAD + 10 * count) throw new Error("no map");
    const at = HEAD + 4 * count;
    return {
      count,
      ids: new Uint32Array(buffer, HEAD, count),
      x: new Uint16Array(buffer, at, count),
      y: new Uint16Array(buffer, at + 2 * count, count),
      theme: new Uint16Array(buffer, at + 4 * count, count),
    };
  }

  /* The points by square of the map: starts[cell] to starts[cell + 1] in order. */
  function squares({ count, x, y }) {
    const starts = new Uint32Array(GRID * GRID + 1), order = new Uint32Array(count);
    const cell = (i) => (y[i] >> 8) * GRID + (x[i] >> 8);
    for (let i = 0; i < count; i++) starts[cell(i) + 1]++;
    for (let c = 0; c < GRID * GRID; c++) starts[c + 1] += starts[c];
    const next = starts.slice();
    for (let i = 0; i < count; i++) order[next[cell(i)]++] = i;
    return { starts, order };
  }

  /* The rows of a disc as [dy, left, right], for a point so many pixels wide. */
  function stamp(size) {
    const rows = [], half = (size - 1) / 2;
    for (let row = 0; row < size; row++) {
      const dy = row - half;
      const reach = size < 4 ? half : Math.sqrt(Math.max(0, (half + 0.4) ** 2 - dy * dy));
      rows.push([Math.round(dy - 0.01), Math.round(-reach - 0.01), Math.round(reach - 0.01)]);
    }
    return rows;
  }

  function colour(element, name) {
    const found = getComputedStyle(element)[name].match(/[\d.]+/g).map(Number);
    return found.slice(0, 3);
  }
  const packed = ([r, g, b]) => (255 << 24 | b << 16 | g << 8 | r) >>> 0;
  const mixed = (a, b, share) => a.map((v, k) => Math.round(v * share + b[k] * (1 - share)));

  class Painter {
    constructor(box, points) {
      this.box = box;
      this.points = points;
      this.grid = squares(points);
      this.canvas = box.querySelector("canvas");
      this.context = this.canvas.getContext("2d");
      this.status = box.querySelector("[data-status]");
      this.picked = box.querySelector("[data-picked]");
      this.links = [...box.querySelectorAll("[data-theme-index]")];
      this.themes = this.links.map((link) => ({
        x: Number(link.dataset.x), y: Number(link.dataset.y), name: link.textContent,
      }));
      this.chosen = -1;
      this.lit = -1;
      this.waiting = false;
      this.numbers = new Intl.NumberFormat(document.documentElement.lang);
      this.show();
      this.colours();
      this.resize();
      this.listen();
    }

    show() {
      this.box.querySelector(".still").hidden = true;
      this.canvas.hidden = false;
      this.box.querySelector(".mapkeys").hidden = false;
    }

    colours() {
      const ground = colour(this.box.querySelector(".stage"), "backgroundColor");
      const swatches = [...this.box.querySelectorAll(".swatch")].map((s) => colour(s, "color"));
      const none = mixed(colour(this.box, "color"), ground, 0.45);
      const all = [...swatches, none];
      this.strong = Uint32Array.from(all, packed);
      this.faint = Uint32Array.from(all, (c) => packed(mixed(c, ground, FAINT)));
      this.ink = `rgb(${colour(this.box, "color")})`;
      this.ground = `rgb(${ground})`;
    }

    resize() {
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      this.ratio = ratio;
      this.width = Math.max(1, Math.round(this.canvas.clientWidth * ratio));
      this.height = Math.max(1, Math.round(this.canvas.clientHeight * ratio));
      this.canvas.width = this.width;
      this.canvas.height = this.height;
      this.image = this.context.createImageData(this.width, this.height);
      this.pixels = new Uint32Array(this.image.data.buffer);
      if (!this.scale) this.whole();
      this.ask();
    }

    /* scale: pixels a map's width; left, top: where the map's corner is, in pixels. */
    whole() {
      this.least = Math.min(this.width, this.height);
      this.scale = this.least;
      this.left = (this.width - this.scale) / 2;
      this.top = (this.height - this.scale) / 2;
      this.ask();
    }

    move(dx, dy) {
      this.left += dx;
      this.top += dy;
      this.ask();
    }

    zoom(times, x = this.width / 2, y = this.height / 2) {
      const scale = Math.min(Math.max(this.scale * times, this.least * 0.7), this.least * CLOSEST);
      const factor = scale / this.scale;
      this.left = x - (x - this.left) * factor;
      this.top = y - (y - this.top) * factor;
      this.scale = scale;
      this.ask();
    }

    ask() {
      if (this.waiting) return;
      this.waiting = true;
      requestAnimationFrame(() => { this.waiting = false; this.frame(); });
    }

    frame() {
      this.pixels.fill(0);
      let shown = 0;
      if (this.lit < 0) shown = this.paint(this.strong, -1, false);
      else {
        shown = this.paint(this.faint, this.lit, true);
        shown += this.paint(this.strong, this.lit, false);
      }
      this.context.putImageData(this.image, 0, 0);
      this.names();
      this.ring();
      this.shown = shown;
      this.say();
    }

    /* Paint all points, or those of one theme, or all others; return how many are in view. */
    paint(colours, only, others) {
      const { count, x, y, theme } = this.points, { pixels, width, height } = this;
      const across = this.scale / FULL, left = this.left, top = this.top, none = this.themes.length;
      const size = this.pointSize(), rows = stamp(size), margin = size;
      let shown = 0;
      for (let i = 0; i < count; i++) {
        const px = (x[i] * across + left) | 0, py = (y[i] * across + top) | 0;
        if (px < margin || py < margin || px >= width - margin || py >= height - margin) continue;
        const own = theme[i];
        if (only >= 0 && (own === only) === others) continue;
        shown++;
        const pixel = colours[own === NO_THEME ? none : own], at = py * width + px;
        for (let r = 0; r < rows.length; r++) {
          const row = rows[r], start = at + row[0] * width;
          for (let p = start + row[1], end = start + row[2]; p <= end; p++) pixels[p] = pixel;
        }
      }
      return shown;
    }

    pointSize() {
      const closer = Math.sqrt(this.scale / this.least);
      const usual = this.points.count > 30000 ? 1.6 : this.points.count > 5000 ? 2.4 : 3.6;
      return Math.round(Math.min(Math.max(usual * closer, 2), 9) * this.ratio);
    }

    /* The names of themes, the largest first; one that would cover another is left out. */
    names() {
      const { context, ratio } = this, taken = [];
      context.font = `600 ${13 * ratio}px system-ui, sans-serif`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.lineWidth = 4 * ratio;
      context.lineJoin = "round";
      context.strokeStyle = this.ground;
      context.fillStyle = this.ink;
      for (let k = 0; k < this.themes.length; k++) {
        const theme = this.themes[k];
        const x = theme.x * this.scale + this.left, y = theme.y * this.scale + this.top;
        if (x < 0 || y < 0 || x > this.width || y > this.height) continue;
        if (this.lit >= 0 && this.lit !== k) continue;
        theme.wide ??= context.measureText(theme.name).width / ratio;
        const half = theme.wide * ratio / 2 + 6 * ratio, high = 11 * ratio;
        if (taken.some((t) => Math.abs(t.x - x) < t.half + half && Math.abs(t.y - y) < t.high + high))
          continue;
        taken.push({ x, y, half, high });
        context.strokeText(theme.name, x, y);
        context.fillText(theme.name, x, y);
      }
    }

    ring() {
      const { context, ratio } = this;
      context.strokeStyle = this.ink;
      context.lineWidth = 2 * ratio;
      if (this.chosen >= 0) {
        const [x, y] = this.place(this.chosen);
        context.beginPath();
        context.arc(x, y, 8 * ratio, 0, 2 * Math.PI);
        context.stroke();
      }
      if (this.canvas.matches(":focus-visible")) {
        const x = this.width / 2, y = this.height / 2, far = 9 * ratio;
        context.beginPath();
        context.moveTo(x - far, y); context.lineTo(x + far, y);
        context.moveTo(x, y - far); context.lineTo(x, y + far);
        context.stroke();
      }
    }

    place(i) {
      const across = this.scale / FULL;
      return [this.points.x[i] * across + this.left, this.points.y[i] * across + this.top];
    }

    say() {
      const said = this.box.dataset.count
        .replace("{count}", this.numbers.format(this.points.count))
        .replace("{shown}", this.numbers.format(this.shown));
      clearTimeout(this.saying);
      // Once it rests: a screen reader need not hear every frame.
      this.saying = setTimeout(() => { this.status.textContent = said; }, 250);
    }

    /* The point nearest to a place on the canvas, in pixels; -1 if none is near. */
    nearest(px, py) {
      const { x, y } = this.points, { starts, order } = this.grid, across = FULL / this.scale;
      const mx = (px - this.left) * across, my = (py - this.top) * across;
      const reach = NEAR * this.ratio * across;
      const clip = (v) => Math.min(Math.max(v >> 8, 0), GRID - 1);
      let best = -1, least = reach * reach;
      for (let row = clip(my - reach); row <= clip(my + reach); row++) {
        for (let cell = clip(mx - reach); cell <= clip(mx + reach); cell++) {
          const c = row * GRID + cell;
          for (let k = starts[c]; k < starts[c + 1]; k++) {
            const i = order[k], far = (x[i] - mx) ** 2 + (y[i] - my) ** 2;
            if (far < least) { least = far; best = i; }
          }
        }
      }
      return best;
    }

    pick(px, py) {
      this.chosen = this.nearest(px, py);
      if (this.chosen < 0) this.picked.textContent = this.box.dataset.nothing;
      else {
        const address = this.box.dataset.point.replace(/0$/, String(this.points.ids[this.chosen]));
        window.htmx.ajax("GET", address, { target: this.picked, swap: "innerHTML" });
      }
      this.ask();
    }

    release() {
      this.chosen = -1;
      this.picked.textContent = "";
      this.ask();
    }

    light(theme) {
      this.lit = theme;
      for (const link of this.links) link.removeAttribute("aria-current");
      if (theme >= 0) this.links[theme].setAttribute("aria-current", "true");
      this.ask();
    }

    listen() {
      new ResizeObserver(() => this.resize()).observe(this.canvas);
      for (const query of ["(prefers-color-scheme: dark)", "print"])
        matchMedia(query).addEventListener("change", () => { this.colours(); this.ask(); });
      for (const link of this.links) {
        const own = Number(link.dataset.themeIndex);
        for (const come of ["pointerenter", "focus"]) link.addEventListener(come, () => this.light(own));
        for (const go of ["pointerleave", "blur"]) link.addEventListener(go, () => this.light(-1));
      }
      const deeds = {
        in: () => this.zoom(1.6), out: () => this.zoom(1 / 1.6), all: () => this.whole(),
      };
      for (const button of this.box.querySelectorAll("[data-do]"))
        button.addEventListener("click", deeds[button.dataset.do]);
      this.keys(deeds);
      this.pointers();
    }

    keys(deeds) {
      const step = () => STEP * this.ratio;
      const known = {
        ArrowLeft: () => this.move(step(), 0), ArrowRight: () => this.move(-step(), 0),
        ArrowUp: () => this.move(0, step()), ArrowDown: () => this.move(0, -step()),
        "+": deeds.in, "=": deeds.in, "-": deeds.out, 0: deeds.all,
        Enter: () => this.pick(this.width / 2, this.height / 2), Escape: () => this.release(),
      };
      this.canvas.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || !known[event.key]) return;
        event.preventDefault();
        known[event.key]();
      });
      for (const change of ["focus", "blur"])
        this.canvas.addEventListener(change, () => this.ask());
    }

    pointers() {
      const down = new Map(), canvas = this.canvas;
      let moved = 0;
      const at = (event) => {
        const box = canvas.getBoundingClientRect();
        return [(event.clientX - box.left) * this.ratio, (event.clientY - box.top) * this.ratio];
      };
      const apart = () => {
        const [[ax, ay], [bx, by]] = [...down.values()];
        return { far: Math.hypot(ax - bx, ay - by), x: (ax + bx) / 2, y: (ay + by) / 2 };
      };
      canvas.addEventListener("pointerdown", (event) => {
        canvas.setPointerCapture(event.pointerId);
        down.set(event.pointerId, at(event));
        moved = down.size > 1 ? Infinity : 0;
      });
      canvas.addEventListener("pointermove", (event) => {
        if (!down.has(event.pointerId)) return;
        const [x, y] = at(event), [ox, oy] = down.get(event.pointerId);
        if (down.size === 2) {
          const before = apart();
          down.set(event.pointerId, [x, y]);
          const after = apart();
          this.move(after.x - before.x, after.y - before.y);
          this.zoom(after.far / Math.max(before.far, 1), after.x, after.y);
          return;
        }
        down.set(event.pointerId, [x, y]);
        moved += Math.abs(x - ox) + Math.abs(y - oy);
        this.move(x - ox, y - oy);
      });
      const up = (event) => {
        const was = down.delete(event.pointerId);
        if (was && event.type === "pointerup" && moved < 5 * this.ratio) this.pick(...at(event));
      };
      canvas.addEventListener("pointerup", up);
      canvas.addEventListener("pointercancel", up);
      canvas.addEventListener("wheel", (event) => {
        event.preventDefault();
        const lines = event.deltaMode === 1 ? 33 : 1;
        this.zoom(Math.exp(-event.deltaY * lines * 0.0016), ...at(event));
      }, { passive: false });
    }
  }

  async function start(box) {
    try {
      const answer = await fetch(box.dataset.points);
      if (!answer.ok) throw new Error(answer.statusText);
      box.painter = new Painter(box, read(await answer.arrayBuffer()));
    } catch {
      // The squares that the server drew stay: the page is whole without the painter.
      box.querySelector("[data-status]").textContent = box.dataset.failed;
    }
  }

  for (const box of document.querySelectorAll("[data-map]")) start(box);
})();
