// Keeps the minutes of a running clock true between two loads of the page.
// <span class="clock" data-until="2026-11-21T19:30:00Z">47 min</span>; without JavaScript the server's words stand.
"use strict";

(function () {
  const language = document.documentElement.lang || "en";

  function say(amount, unit) {
    return new Intl.NumberFormat(language, { style: "unit", unit: unit, unitDisplay: "short" }).format(amount);
  }

  function words(minutes) {
    if (minutes < 90) {
      return say(minutes, "minute");
    }
    const rest = minutes % 60;
    return say(Math.floor(minutes / 60), "hour") + (rest ? " " + say(rest, "minute") : "");
  }

  function refresh() {
    for (const clock of document.querySelectorAll("[data-until]")) {
      const minutes = Math.ceil((Date.parse(clock.dataset.until) - Date.now()) / 60000);
      // A clock that ran out is the server's to explain, and a device's clock may be wrong.
      if (minutes > 0) {
        clock.textContent = words(minutes);
      }
    }
  }

  // The first word is the server's: only time that passes here is counted here.
  setInterval(refresh, 20000);
})();
