// 起草页：saves what is typed after a moment of quiet, keeps it in this browser until the server has it, and offers what
// was kept when the page is opened again. Without this file the page saves by its button.
(function () {
  "use strict";
  var form = document.querySelector("form[data-draft]");
  if (!form || !window.fetch || !window.FormData) { return; }
  var field = function (name) { return form.elements[name]; };
  var said = document.getElementById("kept");
  var key = form.getAttribute("data-keep");
  var names = ["title", "body", "outcome_class", "class_reason", "disclosure", "disclosure_reason", "contact_name",
    "contact_phone", "copies_to"].filter(function (name) { return field(name); });
  var quiet = null, sending = false, again = false, stopped = false, sent = text();

  function text() {
    var now = {};
    names.forEach(function (name) { now[name] = field(name).value; });
    return JSON.stringify(now);
  }
  function keep(value) {
    try { if (value) { localStorage.setItem(key, value); } else { localStorage.removeItem(key); } } catch (full) { return; }
  }
  function kept() { try { return localStorage.getItem(key); } catch (none) { return null; } }
  function say(words, look) { said.textContent = words; said.className = look || "muted"; }

  function save() {
    if (stopped || text() === sent) { return; }
    if (sending) { again = true; return; }
    var typed = text(), body = field("body").value;
    sending = true;
    say("正在保存");
    fetch(form.getAttribute("data-draft"), { method: "POST", body: new FormData(form), credentials: "same-origin" })
      .then(function (answer) {
        if (answer.redirected) { throw new Error("signed out"); }
        return answer.json().then(function (data) { return { ok: answer.ok, data: data }; });
      })
      .then(function (got) {
        if (!got.ok) { stopped = got.data.why.indexOf("没有填对") < 0; say("▲ " + got.data.why + "（已存在本机）", "wait"); return; }
        field("revision").value = got.data.revision;
        field("base").value = got.data.base;
        if (field("body").value === body && got.data.body !== body.trim()) {
          var at = field("body").selectionStart;
          field("body").value = got.data.body;
          field("body").setSelectionRange(at, at);
          field("body").dispatchEvent(new Event("huiyin:text"));
          typed = text();
        }
        sent = typed;
        if (text() === sent) {
          keep(null);
          form.dispatchEvent(new CustomEvent("huiyin:saved", { bubbles: true, detail: names }));
        }
        say(got.data.at + " 已自动保存" + (got.data.said ? "。" + got.data.said : ""));
      })
      .catch(function () { say("▲ 没有连上，已存在本机，连上后自动保存", "wait"); later(15000); })
      .then(function () { sending = false; if (again) { again = false; later(500); } });
  }
  function later(wait) { clearTimeout(quiet); quiet = setTimeout(save, wait); }

  form.addEventListener("input", function () { keep(text()); later(3000); });
  form.addEventListener("change", function () { keep(text()); later(500); });
  form.addEventListener("submit", function () { clearTimeout(quiet); stopped = true; keep(text()); });
  window.addEventListener("online", save);
  window.addEventListener("beforeunload", function () { if (text() !== sent) { keep(text()); } });

  var before = kept();
  if (before && before === sent) { keep(null); before = null; }
  if (before) {
    var bar = document.createElement("p"), take = document.createElement("button"), drop = document.createElement("button");
    bar.className = "in wait";
    bar.textContent = "▲ 本机有上次没有存上的内容。";
    take.type = drop.type = "button";
    take.className = "btn small"; drop.className = "btn small";
    take.textContent = "恢复本机的内容"; drop.textContent = "不要";
    take.addEventListener("click", function () {
      var old = JSON.parse(before);
      names.forEach(function (name) { if (name in old) { field(name).value = old[name]; } });
      field("body").dispatchEvent(new Event("huiyin:text"));
      bar.remove(); later(100);
    });
    drop.addEventListener("click", function () { keep(null); bar.remove(); });
    bar.appendChild(take); bar.appendChild(drop);
    form.insertBefore(bar, form.querySelector(".draft-cols"));
  }
})();
