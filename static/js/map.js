// Draws the map from this server's own streets and places; what it says comes from the data- attributes of its element.
// Without JavaScript the picture inside the element stands instead.
"use strict";

(function () {
  const SIDE = 512, STEPS = 1024, FIRST = 10, LAST = 18;
  const PENS = {
    // In pixels at each closeness: the last number goes on.
    main: [[10, 1.2], [13, 2.6], [14, 4], [15, 6], [16, 9], [17, 13], [18, 18]],
    street: [[12, 0.9], [14, 2.4], [15, 4], [16, 6.5], [17, 10], [18, 14]],
    path: [[14, 0.8], [16, 1.4], [18, 2.6]],
  };

  function wide(kind, zoom) {
    let found = 1;
    for (const [from, width] of PENS[kind]) {
      if (zoom >= from) found = width;
    }
    return found;
  }

  function colours(element) {
    const style = getComputedStyle(element);
    const named = {};
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

  function draw(canvas, tile, zoom, colour) {
    const pen = canvas.getContext("2d");
    const ways = tile.ways, main = wide("main", zoom), street = wide("street", zoom);
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
    name(pen, tile.names || [], colour);
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

  function streets(element, map) {
    const address = element.dataset.streets.replace(/9\/0\/0\/$/, "");
    const Layer = L.GridLayer.extend({
      createTile: function (at, done) {
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = SIDE * Math.min(window.devicePixelRatio || 1, 2);
        // A tile of 512 pixels stands one closeness further out than Leaflet's own.
        fetch(address + (at.z - 1) + "/" + at.x + "/" + at.y + "/")
          .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
          .then((tile) => {
            canvas.tile = tile;
            draw(canvas, tile, at.z, colours(element));
            done(null, canvas);
          })
          .catch((why) => done(why, canvas));
        return canvas;
      },
      recolour: function () {
        const named = colours(element);
        for (const key in this._tiles) {
          const one = this._tiles[key];
          if (one.el.tile) draw(one.el, one.el.tile, one.coords.z, named);
        }
      },
    });
    const layer = new Layer({ tileSize: SIDE, minZoom: FIRST, maxZoom: LAST, attribution: element.dataset.by });
    layer.addTo(map);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => layer.recolour());
  }

  function say(element, words, count) {
    return element.dataset[words].replace("{count}", new Intl.NumberFormat(document.documentElement.lang).format(count));
  }

  function sign(element, kind) {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", element.dataset.icons + "#" + kind);
    picture.setAttribute("class", "icon");
    picture.setAttribute("aria-hidden", "true");
    picture.append(use);
    return picture;
  }

  function labelled(marker, label) {
    marker.on("add", () => marker.getElement().setAttribute("aria-label", label));
    return marker;
  }

  function point(element, kinds, [ref, kind, called, north, east]) {
    const label = called || kinds[kind] || kind;
    const icon = L.divIcon({ className: "mark", html: sign(element, kind), iconSize: [36, 36] });
    const marker = labelled(L.marker([north, east], { icon: icon, title: label, riseOnHover: true }), label);
    marker.bindPopup(() => {
      // Names are what strangers typed into a map: text, never markup.
      const box = document.createElement("div"), strong = document.createElement("b");
      const small = document.createElement("span"), link = document.createElement("a");
      strong.textContent = label;
      small.textContent = kinds[kind] || "";
      small.className = "quiet";
      link.textContent = element.dataset.open;
      link.className = "btn inline";
      link.href = element.dataset.place.replace("REF", ref);
      box.className = "stack tight";
      box.append(strong, small, link);
      return box;
    });
    return marker;
  }

  function heap(element, map, still, [north, east, count]) {
    const label = say(element, "heap", count), size = 34 + 8 * Math.min(4, Math.floor(Math.log10(count)));
    const face = document.createElement("span");
    face.textContent = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact" }).format(count);
    const icon = L.divIcon({ className: "heap", html: face, iconSize: [size, size] });
    const marker = labelled(L.marker([north, east], { icon: icon, title: label }), label);
    marker.on("click", () => map.setView([north, east], Math.min(LAST, map.getZoom() + 2), { animate: !still }));
    return marker;
  }

  function hints(element, layer, kind, found) {
    const icon = () => L.divIcon({ className: "hint", html: sign(element, kind), iconSize: [24, 24] });
    for (const [north, east] of found.points) {
      L.marker([north, east], { icon: icon(), interactive: false, keyboard: false }).addTo(layer);
    }
    for (const [north, east, count] of found.heaps) {
      const face = document.createElement("span");
      face.textContent = count;
      const many = L.divIcon({ className: "hint many", html: face, iconSize: [30, 30] });
      L.marker([north, east], { icon: many, interactive: false, keyboard: false }).addTo(layer);
    }
  }

  function places(element, map, still) {
    const form = document.querySelector("[data-sieve]"), said = document.getElementById(element.id + "-said");
    const kinds = {};
    for (const option of form.elements.kind.options) {
      if (option.value) kinds[option.value] = option.textContent;
    }
    const under = L.layerGroup().addTo(map), over = L.layerGroup().addTo(map);
    let asking = null, waiting = 0, shown = "";

    function look() {
      const box = map.getBounds().pad(0.1);
      const asked = new URLSearchParams(new FormData(form));
      const edges = [box.getSouth(), box.getWest(), box.getNorth(), box.getEast()];
      asked.set("box", edges.map((edge) => edge.toFixed(5)).join(","));
      if (asking) asking.abort();
      asking = new AbortController();
      fetch(element.dataset.places + "?" + asked, { signal: asking.signal, headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
        .then(show)
        .catch((why) => {
          if (why.name !== "AbortError") said.textContent = element.dataset.lost;
        });
    }

    function show(found) {
      const now = JSON.stringify(found);
      // What stays the same keeps its place under the fingers and its open window.
      if (now === shown) return;
      shown = now;
      const held = document.activeElement && document.activeElement.getAttribute("aria-label");
      under.clearLayers();
      over.clearLayers();
      for (const kind in found.evidence) hints(element, under, kind, found.evidence[kind]);
      for (const one of found.heaps) heap(element, map, still, one).addTo(over);
      for (const one of found.points) point(element, kinds, one).addTo(over);
      const count = found.points.length + found.heaps.reduce((sum, one) => sum + one[2], 0);
      said.textContent = say(element, "here", count) + (found.more ? " " + say(element, "some", count) : "");
      if (held && document.activeElement === document.body) {
        const again = Array.from(element.querySelectorAll(".leaflet-marker-icon"));
        (again.find((one) => one.getAttribute("aria-label") === held) || element).focus({ preventScroll: true });
      }
      element.classList.add("filled");
    }

    function soon() {
      clearTimeout(waiting);
      waiting = setTimeout(look, 120);
    }

    map.on("moveend", soon);
    form.addEventListener("change", soon);
    form.addEventListener("submit", soon);
    map.on("popupopen", (event) => {
      const link = event.popup.getElement().querySelector("a.btn");
      if (link) link.focus({ preventScroll: true });
    });
    look();
  }

  // In a form: a tap says where it is, and the numbers say it too.
  function picking(element, map) {
    const field = document.getElementById(element.dataset.picks);
    const icon = L.divIcon({ className: "mark picked", html: sign(element, "social"), iconSize: [36, 36] });
    let marker = null;

    function put(at, write) {
      if (!marker) {
        marker = L.marker(at, { icon: icon, draggable: true, keyboard: false }).addTo(map);
        marker.on("dragend", () => put(marker.getLatLng(), true));
      }
      marker.setLatLng(at);
      if (write) field.value = at.lat.toFixed(5) + ", " + at.lng.toFixed(5);
    }

    function read() {
      const said = field.value.match(/^\s*(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)\s*$/);
      if (!said || Math.abs(said[1]) > 85 || Math.abs(said[2]) > 180) return false;
      const at = L.latLng(Number(said[1]), Number(said[2]));
      put(at, false);
      if (!map.getBounds().contains(at)) map.setView(at, Math.max(map.getZoom(), 16), { animate: false });
      return true;
    }

    map.on("click", (event) => put(event.latlng.wrap(), true));
    field.addEventListener("change", read);
    const middle = document.querySelector("[data-picks-middle]");
    middle.hidden = false;
    middle.addEventListener("click", () => put(map.getCenter().wrap(), true));
    read();
  }

  function begin(element) {
    const edges = ["south", "west", "north", "east"].map((edge) => Number(element.dataset[edge]));
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    element.hidden = false;
    const stage = document.createElement("div");
    stage.className = "stage";
    stage.tabIndex = 0;
    stage.setAttribute("role", "application");
    stage.setAttribute("aria-label", element.dataset.label);
    element.append(stage);
    const map = L.map(stage, {
      minZoom: FIRST, maxZoom: LAST, zoomSnap: 0.5, zoomControl: false, maxBoundsViscosity: 0.7,
      zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still,
      closePopupOnClick: true,
    });
    map.attributionControl.setPrefix(false);
    // The view comes first: layers drawn on canvas need to know where they are.
    map.fitBounds([[edges[0], edges[1]], [edges[2], edges[3]]], { animate: false });
    L.control.zoom({ zoomInTitle: element.dataset.in, zoomOutTitle: element.dataset.out }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    streets(element, map);
    if (element.dataset.places) places(element, map, still);
    if (element.dataset.picks) picking(element, map);
    element.classList.add("alive");
  }

  for (const element of document.querySelectorAll(".map[data-streets]")) begin(element);
})();
