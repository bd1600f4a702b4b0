// The opt-out form of pages that embed it; while a page waits for consent, a plain word that nothing is counted yet.
// The server fills in the settings at the end.
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

  function findTracker() {
    var matomo = window.Matomo || window.Piwik;
    return matomo && window._paq && matomo.getAsyncTracker && matomo.getAsyncTracker();
  }
  // Whether the queue holds a call for a tracker that has not come yet.
  function waits(name) {
    return Array.isArray(window._paq) && window._paq.some(function (call) { return call[0] === name; });
  }
  // The strict loader lets no tracker come before consent; the usual snippet may still be loading it.
  function isHeldBack() {
    return waits("requireConsent") && !waits("setConsentGiven") && !waits("rememberConsentGiven");
  }
  function remembersRefusal() {
    try { return localStorage.getItem("matomo-consent") === "rejected"; } catch (error) { return false; }
  }
  // Whether nothing is counted for want of consent; an opt-out says more.
  function needsConsent() {
    var tracker = findTracker();
    if (has(REMOVED)) return false;
    return tracker ? tracker.isConsentRequired() && !tracker.hasConsent() : isHeldBack() || remembersRefusal();
  }

  var byCookies = {
    isCounted: consent.hasConsent,
    choose: function (counted) {
      if (!counted) consent.consentRevoked();
      // To take an opt-out back is no consent where that is asked for.
      else if (isHeldBack()) write(REMOVED, "", -1);
      else consent.consentGiven();
    },
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
  // Who keeps the choice: the tracker, as soon as there is one, since it also obeys at once.
  function keeper() {
    var tracker = settings.useTracker && findTracker();
    return tracker ? byTracker(tracker) : byCookies;
  }

  function add(place, name) {
    return place.appendChild(document.createElement(name));
  }
  // Only changes are written: they are read aloud.
  function say(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }
  function draw(place) {
    place.textContent = "";
    if (settings.showIntro) say(add(place, "p"), texts.intro);
    var problem = add(place, "p"), line = add(place, "p"), box = add(line, "input"), label = add(line, "label");
    var isLost = false;
    problem.setAttribute("role", "alert");
    box.type = "checkbox";
    box.id = label.htmlFor = "trackVisits";
    function show() {
      var isWaiting = needsConsent(), trouble = isWaiting ? "" : keeper().problem();
      box.checked = !isWaiting && keeper().isCounted();
      box.hidden = box.disabled = isWaiting;
      line.hidden = !!trouble;
      say(label, isWaiting ? texts.waiting : box.checked ? texts.counted : texts.not_counted);
      say(problem, trouble || (isLost ? texts.cookies : ""));
    }
    box.addEventListener("change", function () {
      var wanted = box.checked;
      keeper().choose(wanted);
      isLost = !needsConsent() && keeper().isCounted() !== wanted;
      show();
    });
    show();
    // A banner, another tab or the page itself may change it, and not all of them tell.
    setInterval(show, 500);
  }

  function start() {
    var place = document.getElementById(settings.divId), waited = 0;
    if (!place) return;
    place.style.cssText += settings.css;
    (function look() {
      var isOver = waited >= settings.useCookiesTimeout * 1000;
      if ((settings.useTracker && findTracker()) || isHeldBack() || needsConsent() || (isOver && settings.useCookiesIfNoTracker)) {
        draw(place);
      } else if (isOver) {
        place.textContent = "The tracker was not found on this page.";
      } else {
        waited += 250;
        setTimeout(look, 250);
      }
    })();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})(__SETTINGS__);
