// Draws the streets on canvas from this server's own numbers. Knows nothing of Leaflet, which is much larger and comes
// after it: what the first look needs is asked for while Leaflet is still on its way.
"use strict";

(function () {
  const SIDE = 512, STEPS = 1024, FIRST = 10, LAST = 18, SNAP = 0.5, PATIENCE = 1500;
  const PENS = {
    // In pixels at each closeness: the last number goes on.
    main: [[10, 1.2], [13, 2.6], [14, 4], [15, 6], [16, 9], [17, 13], [18, 18]],
    street: [[12, 0.9], [14, 2.4], [15, 4], [16, 6.5], [17, 10], [18, 14]],
    path: [[14, 0.8], [16, 1.4], [18, 2.6]],
  };
  let named = null;

  function wide(kind, zoom) {
    let found = 1;
    for (const [from, width] of PENS[kind]) {
      if (zoom >= from) found = width;
    }
    return found;
  }

  function colours() {
    if (named) return named;
    const style = getComputedStyle(document.documentElement);
    named = {};
    for (const name of ["water", "park", "building", "way", "edge", "path", "label", "ground"]) {
      named[name] = style.getPropertyValue("--map-" + name).trim();
    }
    return named;
  }

  function trace(pen, numbers) {
    let x = numbers[0], y = numbers[1];
    pen.moveTo(x, y);
    for (let place = 2; place < numbers.length; place += 2) {
      x += numbers[place];
      y += numbers[place + 1];
      pen.lineTo(x, y);
    }
  }

  function fill(pen, ways, colour) {
    pen.beginPath();
    for (const way of ways || []) {
      trace(pen, way);
      pen.closePath();
    }
    pen.fillStyle = colour;
    pen.fill("evenodd");
  }

  function stroke(pen, ways, colour, width) {
    pen.beginPath();
    for (const way of ways || []) trace(pen, way);
    pen.strokeStyle = colour;
    pen.lineWidth = width * (STEPS / SIDE);
    pen.stroke();
  }

  function draw(canvas) {
    const pen = canvas.getContext("2d"), colour = colours(), zoom = canvas.closeness;
    const ways = canvas.tile.ways, main = wide("main", zoom), street = wide("street", zoom);
    pen.setTransform(canvas.width / STEPS, 0, 0, canvas.height / STEPS, 0, 0);
    pen.clearRect(0, 0, STEPS, STEPS);
    pen.lineJoin = pen.lineCap = "round";
    fill(pen, ways.park, colour.park);
    fill(pen, ways.water, colour.water);
    fill(pen, ways.building, colour.building);
    pen.setLineDash([8, 8]);
    stroke(pen, ways.path, colour.path, wide("path", zoom));
    pen.setLineDash([]);
    if (zoom > 13) {
      stroke(pen, ways.street, colour.edge, street + 1.6);
      stroke(pen, ways.main, colour.edge, main + 1.8);
      stroke(pen, ways.street, colour.way, street);
      stroke(pen, ways.main, colour.way, main);
    } else {
      stroke(pen, ways.street, colour.edge, street);
      stroke(pen, ways.main, colour.path, main);
    }
    name(pen, canvas.tile.names || [], colour);
  }

  function name(pen, names, colour) {
    const taken = [];
    pen.font = "600 22px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineWidth = 7;
    pen.strokeStyle = colour.ground;
    pen.fillStyle = colour.label;
    for (const [text, x0, y0, x1, y1] of names) {
      const width = pen.measureText(text).width, length = Math.hypot(x1 - x0, y1 - y0);
      const x = (x0 + x1) / 2, y = (y0 + y1) / 2, half = width / 2 + 8;
      let angle = Math.atan2(y1 - y0, x1 - x0);
      if (Math.abs(angle) > Math.PI / 2) angle += Math.PI;
      const dx = Math.abs(Math.cos(angle)) * half + 14, dy = Math.abs(Math.sin(angle)) * half + 14;
      const box = [x - dx, y - dy, x + dx, y + dy];
      const inside = box[0] > 0 && box[1] > 0 && box[2] < STEPS && box[3] < STEPS;
      const free = taken.every((one) => box[0] > one[2] || box[2] < one[0] || box[1] > one[3] || box[3] < one[1]);
      if (width * 1.1 > length || !inside || !free) continue;
      taken.push(box);
      pen.save();
      pen.translate(x, y);
      pen.rotate(angle);
      pen.strokeText(text, 0, 0);
      pen.fillText(text, 0, 0);
      pen.restore();
    }
  }

  function answered(answer) {
    return answer.ok ? answer.json() : Promise.reject(answer.status);
  }

  // A tile on its way: its canvas at once, and a promise that it is drawn.
  function tile(element, z, x, y) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIDE * Math.min(window.devicePixelRatio || 1, 2);
    canvas.closeness = z;
    // A tile of 512 pixels stands one closeness further out than Leaflet's own.
    const drawn = fetch(element.dataset.streets.replace(/9\/0\/0\/$/, "") + (z - 1) + "/" + x + "/" + y + "/")
      .then(answered)
      .then((said) => {
        canvas.tile = said;
        // What nothing is drawn on takes no memory.
        if (Object.keys(said.ways).length) draw(canvas);
      });
    drawn.catch(() => {}); // whoever puts it on the map is told
    return { canvas, drawn };
  }

  // Spherical Mercator (EPSG:3857), the whole world being 1 wide and 1 high.
  function flat(north, east) {
    return [(east + 180) / 360, (1 - Math.asinh(Math.tan((north * Math.PI) / 180)) / Math.PI) / 2];
  }

  function round(x, y) {
    return [(Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI, x * 360 - 180];
  }

  // How the whole box is seen in so many pixels: the middle, and how close.
  function view(element, width, height) {
    const [south, west, north, east] = ["south", "west", "north", "east"].map((edge) => Number(element.dataset[edge]));
    const [x0, y0] = flat(north, west), [x1, y1] = flat(south, east);
    const fits = Math.log2(Math.min(width / (x1 - x0), height / (y1 - y0)) / 256);
    const zoom = Math.min(LAST, Math.max(FIRST, Math.floor(fits / SNAP + 1e-9) * SNAP));
    const x = (x0 + x1) / 2, y = (y0 + y1) / 2, half = 1 / (512 * 2 ** zoom);
    return { zoom, x, y, wide: width * half, high: height * half, centre: round(x, y) };
  }

  // The tiles under a view, as Leaflet will count them.
  function under(seen) {
    const z = Math.min(LAST, Math.max(FIRST, Math.round(seen.zoom))), across = 2 ** (z - 1);
    const first = (middle, half) => Math.floor((middle - half) * across);
    const last = (middle, half) => Math.ceil((middle + half) * across) - 1;
    const found = [];
    for (let y = first(seen.y, seen.high); y <= last(seen.y, seen.high); y++) {
      for (let x = first(seen.x, seen.wide); x <= last(seen.x, seen.wide); x++) found.push([z, x, y]);
    }
    return found;
  }

  // What the sieve beside the map asks for, in a box; edges in degrees.
  function asked(form, south, west, north, east) {
    const said = new URLSearchParams(new FormData(form));
    said.set("box", [south, west, north, east].map((edge) => edge.toFixed(5)).join(","));
    return said.toString();
  }

  function places(element, query, signal) {
    const headers = { Accept: "application/json" };
    return fetch(element.dataset.places + "?" + query, { signal: signal, headers: headers }).then(answered);
  }

  function begin(element) {
    element.hidden = false;
    element.classList.add("alive"); // as high as it will be, before anything is painted
    element.waiting = setTimeout(() => element.classList.add("waiting"), PATIENCE);
    const seen = view(element, element.clientWidth, element.clientHeight), tiles = new Map();
    for (const at of under(seen)) tiles.set(at.join("/"), tile(element, ...at));
    const form = document.querySelector("[data-sieve]");
    let first = null;
    if (element.dataset.places && form) {
      const [north, west] = round(seen.x - 1.2 * seen.wide, seen.y - 1.2 * seen.high);
      const [south, east] = round(seen.x + 1.2 * seen.wide, seen.y + 1.2 * seen.high);
      const box = [south, west, north, east], query = asked(form, ...box);
      first = { box, query, answer: places(element, query) };
      first.answer.catch(() => {});
    }
    element.ahead = { seen, tiles, first };
  }

  function recolour() {
    named = null;
    for (const canvas of document.querySelectorAll(".map canvas")) {
      if (canvas.tile && Object.keys(canvas.tile.ways).length) draw(canvas);
    }
  }

  window.mapStreets = { SIDE, FIRST, LAST, SNAP, tile, view, asked, places };
  for (const element of document.querySelectorAll(".map[data-streets]")) begin(element);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
})();
