// The map under the fingers: this server's streets (js/map_streets.js) and places, moved by Leaflet; what it says comes
// from the data- attributes of its element. Without JavaScript the picture inside the element stands instead.
"use strict";

(function () {
  // What the rest of the page needs waits until the map is there, or is known not to come.
  function later() {
    for (const one of document.querySelectorAll("template[data-later]")) one.replaceWith(one.content);
  }

  if (!window.L || !window.mapStreets) {
    // The still picture stands; where there is none, so does the field that the map would have filled.
    for (const element of document.querySelectorAll(".map[data-streets]")) {
      element.classList.add("waiting");
      element.hidden = "picks" in element.dataset;
    }
    return later();
  }
  const { SIDE, FIRST, LAST, SNAP } = window.mapStreets;

  function streets(element, map) {
    const ahead = element.ahead.tiles;
    const Layer = L.GridLayer.extend({
      createTile: function (at, done) {
        const key = at.z + "/" + at.x + "/" + at.y;
        const one = ahead.get(key) || window.mapStreets.tile(element, at.z, at.x, at.y);
        ahead.delete(key);
        one.drawn.then(() => done(null, one.canvas), (why) => done(why, one.canvas));
        return one.canvas;
      },
    });
    new Layer({ tileSize: SIDE, minZoom: FIRST, maxZoom: LAST, attribution: element.dataset.by }).addTo(map);
  }

  // As the server writes numbers everywhere: the browser's own way of writing them takes as long to load as Leaflet.
  function say(element, words, count) {
    return element.dataset[words].replace("{count}", count);
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
      strong.dir = "auto";
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
    face.textContent = count;
    const icon = L.divIcon({ className: "heap", html: face, iconSize: [size, size] });
    const marker = labelled(L.marker([north, east], { icon: icon, title: label }), label);
    const closer = () => map.setView([north, east], Math.min(LAST, map.getZoom() + 2), { animate: !still });
    marker.on("click", closer);
    // Leaflet itself presses by Enter only what has a window.
    marker.on("keypress", (event) => [" ", "Enter"].includes(event.originalEvent.key) && closer());
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
    const standing = new Map();
    let asking = null, waiting = 0, shown = "", first = element.ahead.first;

    function look() {
      const box = map.getBounds().pad(0.1);
      const { asked, places } = window.mapStreets;
      // The first look is on its way since before Leaflet came; it counts if nobody touched the form since.
      const early = first && asked(form, ...first.box) === first.query ? first.answer : null;
      const query = asked(form, box.getSouth(), box.getWest(), box.getNorth(), box.getEast());
      first = null;
      if (asking) asking.abort();
      const mine = (asking = new AbortController());
      (early || places(element, query, mine.signal))
        .then((found) => mine === asking && show(found))
        .catch((why) => {
          if (why.name !== "AbortError") said.textContent = element.dataset.lost;
        });
    }

    function show(found) {
      const now = JSON.stringify(found);
      // What stays the same keeps its place under the fingers; what is open stays open, though the map moved for it.
      if (now === shown) return;
      shown = now;
      const focused = document.activeElement, within = element.contains(focused);
      const held = within && focused.getAttribute("aria-label");
      under.clearLayers();
      for (const kind in found.evidence) hints(element, under, kind, found.evidence[kind]);
      const wanted = new Map();
      for (const one of found.heaps) wanted.set(one.join(), () => heap(element, map, still, one));
      for (const one of found.points) wanted.set(one.join(), () => point(element, kinds, one));
      for (const [key, marker] of standing) {
        if (wanted.has(key) || marker.isPopupOpen()) continue;
        over.removeLayer(marker);
        standing.delete(key);
      }
      for (const [key, make] of wanted) {
        if (!standing.has(key)) standing.set(key, make().addTo(over));
      }
      const count = found.points.length + found.heaps.reduce((sum, one) => sum + one[2], 0);
      said.textContent = say(element, "here", count) + (found.more ? " " + say(element, "some", count) : "");
      if (within && !element.contains(document.activeElement)) {
        const again = Array.from(element.querySelectorAll(".leaflet-marker-icon"));
        (again.find((one) => one.getAttribute("aria-label") === held) || map.getContainer()).focus({ preventScroll: true });
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
    windows(element, map);
    look();
  }

  // A place's window takes the focus and gives it back to its mark, whichever way it was closed.
  function windows(element, map) {
    map.on("popupopen", (event) => {
      const box = event.popup.getElement(), close = box.querySelector(".leaflet-popup-close-button");
      box.setAttribute("role", "dialog");
      box.setAttribute("aria-label", box.querySelector("b").textContent);
      close.setAttribute("aria-label", element.dataset.close);
      close.title = element.dataset.close;
      box.querySelector("a.btn").focus({ preventScroll: true });
    });
    map.on("popupclose", (event) => {
      const box = event.popup.getElement(), focused = document.activeElement;
      const mark = event.popup._source && event.popup._source.getElement();
      if (mark && (focused === document.body || (box && box.contains(focused)))) mark.focus({ preventScroll: true });
    });
    // Leaflet hears Escape only while the map itself has the focus.
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape") map.closePopup();
    });
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
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const stage = document.createElement("div");
    stage.className = "stage";
    stage.tabIndex = 0;
    stage.setAttribute("role", "application");
    stage.setAttribute("aria-label", element.dataset.label);
    element.append(stage);
    const map = L.map(stage, {
      minZoom: FIRST, maxZoom: LAST, zoomSnap: SNAP, zoomControl: false, maxBoundsViscosity: 0.7,
      zoomAnimation: !still, fadeAnimation: false, markerZoomAnimation: !still, inertia: !still,
      closePopupOnClick: true,
    });
    map.attributionControl.setPrefix(false);
    // The view comes first: layers drawn on canvas need to know where they are.
    const seen = window.mapStreets.view(element, stage.clientWidth, stage.clientHeight);
    map.setView(seen.centre, seen.zoom, { animate: false });
    L.control.zoom({ zoomInTitle: element.dataset.in, zoomOutTitle: element.dataset.out }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    streets(element, map);
    if (element.dataset.places) places(element, map, still);
    if (element.dataset.picks) picking(element, map);
    clearTimeout(element.waiting);
    element.classList.remove("waiting");
  }

  const wanted = [];
  for (const element of document.querySelectorAll(".map[data-streets]")) {
    const { tiles, first } = element.ahead;
    wanted.push(...Array.from(tiles.values(), (one) => one.drawn), first && first.answer);
    begin(element);
  }
  Promise.allSettled(wanted).then(() => setTimeout(later));
})();
