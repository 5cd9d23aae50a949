// Every page works without this file. It adds keys, keeps a form from being sent twice by a double click, warns before
// typed text is left behind, ticks all rows of a table, closes menus, and brings into sight what a page is about.
(function () {
  "use strict";
  var typing = function (el) { return el && /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && el.type !== "checkbox"; };
  var rows = function () { return Array.prototype.slice.call(document.querySelectorAll("tr[data-row]")); };
  var at = -1;

  function move(step) {
    var all = rows();
    if (!all.length) { return; }
    if (all[at]) { all[at].classList.remove("here"); }
    at = Math.max(0, Math.min(all.length - 1, at + step));
    all[at].classList.add("here");
    all[at].scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", function (event) {
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "/") {
      var search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
    } else if (event.key === "j" || event.key === "J") { move(1);
    } else if (event.key === "k" || event.key === "K") { move(-1);
    } else if (event.key === "Enter" && at >= 0 && event.target === document.body) {
      var link = rows()[at].querySelector("a");
      if (link) { link.click(); }
    } else if ((event.key === "x" || event.key === "X") && at >= 0) {
      var tick = rows()[at].querySelector("input[type=checkbox]");
      if (tick) { tick.click(); }
    } else if (event.key === "f" || event.key === "F") {
      var full = document.querySelector("a[data-full]");
      if (full) { full.click(); }
    } else if (event.key === "?") {
      var keys = document.getElementById("keys");
      if (keys && keys.showModal) { keys.showModal(); }
    }
  });

  var typed = [];  // the fields whose text would be lost
  document.addEventListener("input", function (event) {
    if (event.target.closest && event.target.closest("form[data-guard]")) { typed.push(event.target); }
  });
  document.addEventListener("huiyin:saved", function (event) {  // 自动保存：the fields of these names, and the editor, which has none
    typed = typed.filter(function (field) { return field.name && event.detail.indexOf(field.name) < 0; });
  });
  window.addEventListener("beforeunload", function (event) { if (typed.length) { event.preventDefault(); } });

  document.addEventListener("submit", function (event) {  // the second click of a double click; the server asks the key
    var form = event.target;
    if (form.getAttribute("method") !== "post") { return; }  // form.method may be a field of that name
    if (form.dataset.sent) { event.preventDefault(); return; }
    typed = [];
    form.dataset.sent = "1";
    setTimeout(function () { delete form.dataset.sent; }, 10000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  // 菜单、多选框：closed by a click beside them or by Esc
  function shut(beside) {
    document.querySelectorAll("details.menu[open], details.pick[open]").forEach(function (one) {
      if (!one.contains(beside)) { one.open = false; }
    });
  }
  document.addEventListener("click", function (event) { shut(event.target); });
  document.addEventListener("keydown", function (event) {
    var open = event.key === "Escape" && event.target.closest && event.target.closest("details.menu[open], details.pick[open]");
    if (open) { open.querySelector("summary").focus(); shut(null); }
  });

  // 勾选：one box in a table's head for all its rows, and how many are ticked
  document.querySelectorAll("th[data-tick]").forEach(function (head) {
    var table = head.closest("table"), all = document.createElement("input");
    var boxes = function () { return Array.prototype.slice.call(table.querySelectorAll("tbody input[type=checkbox]")); };
    var say = function () {
      var ticked = boxes().filter(function (box) { return box.checked; }).length;
      all.checked = ticked > 0 && ticked === boxes().length;
      all.indeterminate = ticked > 0 && !all.checked;
      document.querySelectorAll("[data-ticked]").forEach(function (at) {
        at.textContent = ticked ? "已勾选 " + ticked + " 件" : at.getAttribute("data-ticked");
      });
    };
    all.type = "checkbox";
    all.setAttribute("aria-label", "勾选本页全部");
    all.addEventListener("change", function () {
      var on = all.checked;
      boxes().forEach(function (box) { box.checked = on; });
      say();
    });
    head.appendChild(all);
    table.addEventListener("change", say);
    window.addEventListener("pageshow", say);
  });

  var nav = document.querySelector(".nav"), here = nav && nav.querySelector("[aria-current]");
  if (here && nav.scrollWidth > nav.clientWidth) { nav.scrollLeft = here.offsetLeft - 32; }
  var fault = document.querySelector("[data-fault]");
  if (fault) { fault.focus(); }
})();
