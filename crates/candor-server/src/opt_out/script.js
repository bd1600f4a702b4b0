// The opt-out form of pages that embed it. The server fills in the settings at the end.
(function (settings) {
  "use strict";
  var GIVEN = "mtm_consent", REMOVED = "mtm_consent_removed", YEARS_30 = 946080000;
  var texts = settings.texts, secure, path, domain, sameSite;

  function write(name, value, seconds) {
    document.cookie = name + "=" + value + ";expires=" + new Date(Date.now() + seconds * 1000).toUTCString() +
      ";path=" + path + (domain ? ";domain=" + domain : "") + (secure ? ";secure" : "") + ";SameSite=" + sameSite;
  }
  function has(name) {
    return ("; " + document.cookie).indexOf("; " + name + "=") >= 0;
  }
  // The tracker's cookies: it reads them before each request, and at its next start.
  var consent = window.MatomoConsent = {
    init: function (useSecureCookies, cookiePath, cookieDomain, cookieSameSite) {
      secure = useSecureCookies;
      path = cookiePath || "/";
      domain = cookieDomain;
      sameSite = cookieSameSite || (secure ? "None" : "Lax");
    },
    hasConsent: function () { return !has(REMOVED); },
    consentGiven: function () {
      write(REMOVED, "", -1);
      write(GIVEN, Date.now(), YEARS_30);
    },
    consentRevoked: function () {
      write(GIVEN, "", -1);
      write(REMOVED, Date.now(), YEARS_30);
    }
  };
  consent.init(settings.useSecureCookies, settings.cookiePath, settings.cookieDomain);

  var byCookies = {
    isCounted: consent.hasConsent,
    choose: function (counted) { counted ? consent.consentGiven() : consent.consentRevoked(); },
    problem: function () {
      return secure && location.protocol !== "https:" ? texts.https : navigator.cookieEnabled ? "" : texts.cookies;
    }
  };
  function byTracker(tracker) {
    return {
      isCounted: function () { return !tracker.isUserOptedOut(); },
      choose: function (counted) { window._paq.push([counted ? "forgetUserOptOut" : "optUserOut"]); },
      problem: function () { return navigator.cookieEnabled ? "" : texts.cookies; }
    };
  }

  function add(place, name, text) {
    var element = place.appendChild(document.createElement(name));
    element.textContent = text || "";
    return element;
  }
  function draw(place, choice) {
    place.textContent = "";
    if (settings.showIntro) add(place, "p", texts.intro);
    var problem = add(place, "p", choice.problem());
    problem.setAttribute("role", "alert");
    if (problem.textContent) return;
    var line = add(place, "p"), box = add(line, "input"), label = add(line, "label");
    box.type = "checkbox";
    box.id = label.htmlFor = "trackVisits";
    function show() {
      box.checked = choice.isCounted();
      label.textContent = box.checked ? texts.counted : texts.not_counted;
    }
    box.addEventListener("change", function () {
      var wanted = box.checked;
      choice.choose(wanted);
      show();
      problem.textContent = box.checked === wanted ? "" : texts.cookies;
    });
    show();
  }

  function start() {
    var place = document.getElementById(settings.divId), waited = 0;
    if (!place) return;
    place.style.cssText += settings.css;
    (function look() {
      var matomo = settings.useTracker && (window.Matomo || window.Piwik);
      var tracker = matomo && window._paq && matomo.getAsyncTracker && matomo.getAsyncTracker();
      if (tracker) return draw(place, byTracker(tracker));
      if (waited < settings.useCookiesTimeout * 1000) {
        waited += 250;
        setTimeout(look, 250);
      } else if (settings.useCookiesIfNoTracker) {
        draw(place, byCookies);
      } else {
        place.textContent = "The tracker was not found on this page.";
      }
    })();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})(__SETTINGS__);
