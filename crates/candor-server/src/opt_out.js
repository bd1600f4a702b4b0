// The opt-out form of pages that embed it. `__SETTINGS__` is filled in by the server.
(function (settings) {
  "use strict";
  var consentCookie = "mtm_consent_removed";

  function writeCookie(value, days) {
    document.cookie =
      consentCookie + "=" + value + ";expires=" + new Date(Date.now() + days * 864e5).toUTCString() +
      ";path=" + (settings.path || "/") + (settings.domain ? ";domain=" + settings.domain : "") +
      (settings.secure ? ";secure;SameSite=None" : ";SameSite=Lax");
  }

  var ownCookie = {
    isOut: function () { return document.cookie.indexOf(consentCookie + "=") !== -1; },
    optOut: function () { writeCookie("1", 36500); },
    optIn: function () { writeCookie("", -1); }
  };

  function byTracker(tracker) {
    return {
      isOut: function () { return tracker.isUserOptedOut(); },
      optOut: function () { tracker.optUserOut(); },
      optIn: function () { tracker.forgetUserOptedOut ? tracker.forgetUserOptedOut() : tracker.forgetUserOptOut(); }
    };
  }

  function draw(place, choice) {
    var out = choice.isOut();
    place.textContent = "";
    if (settings.intro) {
      var intro = document.createElement("p");
      intro.textContent = out
        ? "You are opted out: your visits to this website are not recorded."
        : "You may choose to keep this website from recording your visits.";
      place.appendChild(intro);
    }
    var label = document.createElement("label");
    var box = document.createElement("input");
    box.type = "checkbox";
    box.checked = !out;
    box.addEventListener("change", function () {
      if (box.checked) choice.optIn(); else choice.optOut();
      draw(place, choice);
    });
    label.appendChild(box);
    label.appendChild(document.createTextNode(out ? " Record my visits again." : " My visits are recorded. Untick to opt out."));
    place.appendChild(label);
  }

  function start() {
    var place = document.getElementById(settings.divId);
    if (!place) return;
    place.style.cssText += settings.css;
    var waited = 0;
    (function look() {
      var matomo = window.Matomo || window.Piwik;
      if (matomo && typeof matomo.getAsyncTracker === "function" && matomo.initialized !== false) {
        draw(place, byTracker(matomo.getAsyncTracker()));
      } else if (waited < settings.timeout * 1000) {
        waited += 250;
        setTimeout(look, 250);
      } else if (settings.cookies) {
        draw(place, ownCookie);
      } else {
        place.textContent = "The tracker was not found on this page.";
      }
    })();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})(__SETTINGS__);
