// In a frame: tells the choice to the tracker of the page around, which keeps it in a cookie of the site itself, and
// shows what that tracker knows. Without scripts, or without a tracker there, the forms and their cookie do alone.
(function () {
  "use strict";
  if (parent === window) return;
  var forms = document.querySelectorAll("form"), problem = document.getElementById("problem");
  var isOut = forms[0].hidden, asked = 0;

  function say(name, value) {
    var message = {};
    message[name] = value;
    parent.postMessage(JSON.stringify(message), "*");
  }
  // The tracker may come after this frame.
  var asking = setInterval(ask, 500);
  function ask() {
    if (asked++ < 20) say("maq_initial_value", !isOut);
    else clearInterval(asking);
  }
  addEventListener("message", function (event) {
    if (event.source !== parent) return;
    var said;
    try { said = JSON.parse(event.data) || {}; } catch (error) { return; }
    var counted = said.maq_opted_in === undefined ? said.maq_confirm_opted_in : said.maq_opted_in;
    if (typeof counted !== "boolean") return;
    clearInterval(asking);
    // Either of the two keeps visits from being counted.
    forms[0].hidden = isOut || !counted;
    forms[1].hidden = !forms[0].hidden;
    if (problem) problem.hidden = !isOut && !counted;
  });
  forms[0].addEventListener("submit", function () { say("maq_opted_in", false); });
  forms[1].addEventListener("submit", function () { say("maq_opted_in", true); });
  ask();
})();
