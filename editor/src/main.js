// 起草页的编辑框: the draft's text as it will look on paper. What is sent to the server stays the text in the textarea,
// so that everything works without this file too.
import { baseKeymap } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { EditorState, Plugin, TextSelection } from "prosemirror-state";
import { Decoration, DecorationSet, EditorView } from "prosemirror-view";
import { look, schema } from "./schema.js";
import { parse, plain, typed } from "./text.js";

const NUMBERS = "一二三四五六七八九十";
const area = document.querySelector("form[data-draft] textarea[name=body]");
const tools = document.getElementById("tools");

function numeral(n) {
  if (n <= 10) { return NUMBERS[n - 1]; }
  const tens = Math.floor(n / 10), ones = n % 10;
  return (tens > 1 ? NUMBERS[tens - 1] : "") + "十" + (ones ? NUMBERS[ones - 1] : "");
}

// 版式: headings by their numbering; paragraphs are numbered as remarks and points name them.
function looks(doc) {
  const found = [];
  let number = 0;
  doc.forEach((node, at) => {
    if (!node.textContent.trim() && node.type === schema.nodes.paragraph) { return; }
    number += 1;
    const kind = node.type === schema.nodes.paragraph ? look(node.textContent) : "";
    found.push(Decoration.node(at, at + node.nodeSize, { "data-n": String(number), id: `p${number}`, class: kind ? `heading-${kind}` : "block" }));
  });
  return DecorationSet.create(doc, found);
}

function top(state) { return state.selection.$from.depth ? state.selection.$from.before(1) : 0; }
function inside(state, type) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if ($from.node(depth).type === type) { return { node: $from.node(depth), at: $from.before(depth), index: $from.index(depth - 1) }; }
  }
  return null;
}

// 小标题: the next number before the words, or without it when it is there.
function heading(shape, make) {
  return (state, dispatch) => {
    const at = top(state), node = state.doc.nodeAt(at);
    if (!node || node.type !== schema.nodes.paragraph) { return false; }
    const had = /^(?:[一二三四五六七八九十百]+、|[（(][一二三四五六七八九十百]+[)）])/.exec(node.textContent);
    let count = 0;
    state.doc.forEach((one, place) => {
      if (place >= at) { return; }
      if (look(one.textContent) === "one" && shape === "two") { count = 0; }
      if (look(one.textContent) === shape) { count += 1; }
    });
    const words = had && look(node.textContent) === shape ? "" : make(numeral(count + 1));
    if (dispatch) { dispatch(state.tr.insertText(words, at + 1, at + 1 + (had ? had[0].length : 0))); }
    return true;
  };
}

function attrs(change) {
  return (state, dispatch) => {
    const at = top(state), node = state.doc.nodeAt(at);
    if (!node || node.type !== schema.nodes.paragraph) { return false; }
    if (dispatch) { dispatch(state.tr.setNodeMarkup(at, null, { ...node.attrs, ...change(node.attrs) })); }
    return true;
  };
}

function insert(node) {
  return (state, dispatch) => {
    const at = top(state), here = state.doc.nodeAt(at);
    const place = here ? at + here.nodeSize : state.doc.content.size;
    if (dispatch) {
      const tr = state.tr.insert(place, [node, ...(place === state.doc.content.size ? [schema.nodes.paragraph.create()] : [])]);
      dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(place + 1))).scrollIntoView());
    }
    return true;
  };
}

function row(cells) { return schema.nodes.row.create(null, Array.from({ length: cells }, () => schema.nodes.cell.create())); }

function addRow(state, dispatch) {
  const here = inside(state, schema.nodes.row);
  if (here && dispatch) { dispatch(state.tr.insert(here.at + here.node.nodeSize, row(here.node.childCount))); }
  return Boolean(here);
}

function change(state, dispatch, each) {
  const table = inside(state, schema.nodes.table), cell = inside(state, schema.nodes.cell);
  if (!table || !cell) { return false; }
  const rows = [];
  table.node.forEach((one) => { const cells = []; one.forEach((inner) => cells.push(inner)); rows.push(each(cells, cell.index)); });
  const kept = rows.filter((cells) => cells.length).map((cells) => schema.nodes.row.create(null, cells));
  if (dispatch) {
    const next = kept.length ? schema.nodes.table.create(null, kept) : schema.nodes.paragraph.create();
    const tr = state.tr.replaceWith(table.at, table.at + table.node.nodeSize, next);
    dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(table.at + 1))));
  }
  return true;
}
const addColumn = (state, dispatch) => change(state, dispatch, (cells, at) => [...cells.slice(0, at + 1), schema.nodes.cell.create(), ...cells.slice(at + 1)]);
const dropColumn = (state, dispatch) => change(state, dispatch, (cells, at) => cells.filter((_, n) => n !== at));
function dropRow(state, dispatch) {
  const here = inside(state, schema.nodes.row), table = inside(state, schema.nodes.table);
  if (!here) { return false; }
  if (dispatch) {
    const whole = table.node.childCount === 1;
    dispatch(whole ? state.tr.delete(table.at, table.at + table.node.nodeSize) : state.tr.delete(here.at, here.at + here.node.nodeSize));
  }
  return true;
}

function cellStep(step) {
  return (state, dispatch) => {
    const cell = inside(state, schema.nodes.cell);
    if (!cell) { return false; }
    const table = inside(state, schema.nodes.table);
    const places = [];
    state.doc.nodesBetween(table.at, table.at + table.node.nodeSize, (node, at) => { if (node.type === schema.nodes.cell) { places.push(at); } });
    const next = places[places.indexOf(cell.at) + step];
    if (next !== undefined && dispatch) { dispatch(state.tr.setSelection(TextSelection.near(state.doc.resolve(next + 1)))); }
    return true;
  };
}
// Enter in a caption or a cell leaves it; it does not split it.
function leave(state, dispatch) {
  const cell = inside(state, schema.nodes.cell), picture = inside(state, schema.nodes.picture);
  if (cell) { return cellStep(1)(state, dispatch); }
  return picture ? insert(schema.nodes.paragraph.create())(state, dispatch) : false;
}

// 粘贴: of what comes from Word, WPS or a page only words, paragraphs and tables stay.
function clean(html) {
  const bare = html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/\sstyle=("[^"]*"|'[^']*')/gi, "");
  const page = new DOMParser().parseFromString(bare, "text/html");
  const gone = page.querySelectorAll("script,style,meta,link,title,xml,img,object,iframe,svg,math,input,button");
  if (gone.length || /mso-|<o:p|class=.?Mso|style=/i.test(html)) { note("粘贴时去掉了原来的格式、图片，只留文字、段落和表格"); }
  gone.forEach((one) => one.remove());
  page.querySelectorAll("td,th").forEach((one) => { one.textContent = one.textContent.replace(/\s+/g, " ").trim(); });
  page.querySelectorAll("br").forEach((one) => {
    const block = one.closest("p,li,div,td,th");
    if (block) { one.replaceWith(page.createTextNode("")); }
  });
  return page.body.innerHTML;
}
function note(words) { const place = document.getElementById("editor-note"); if (place) { place.textContent = words; } }

function start() {
  let own = false;
  const view = new EditorView(document.getElementById("editor"), {
    state: begin(area.value),
    transformPastedHTML: clean,
    // A cell or a caption is one line of words: whatever is pasted there.
    handlePaste(here, event) {
      if (!inside(here.state, schema.nodes.cell) && !inside(here.state, schema.nodes.picture)) { return false; }
      here.dispatch(here.state.tr.insertText(event.clipboardData.getData("text/plain").replace(/\s+/g, " ").trim()));
      return true;
    },
    attributes: { role: "textbox", "aria-multiline": "true", "aria-label": "正文", spellcheck: "false" },
    dispatchTransaction(tr) {
      view.updateState(view.state.apply(tr));
      if (tr.docChanged && !tr.getMeta("outside")) {
        own = true;
        area.value = typed(view.state.doc);
        area.dispatchEvent(new Event("input", { bubbles: true }));
        own = false;
      }
      mark(view.state);
    },
  });
  // The text came from elsewhere: joined with somebody's, restored, or typed in the plain field.
  const reload = () => {
    if (own || area.value === typed(view.state.doc)) { return; }
    const at = view.state.selection.from, fresh = parse(area.value);
    const tr = view.state.tr.replaceWith(0, view.state.doc.content.size, fresh.content).setMeta("outside", true);
    view.dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(at, tr.doc.content.size)))));
  };
  area.addEventListener("input", reload);
  area.addEventListener("change", reload);
  area.addEventListener("huiyin:text", reload);
  const run = (command) => { command(view.state, view.dispatch); view.focus(); };
  const press = {
    one: () => run(heading("one", (n) => `${n}、`)), two: () => run(heading("two", (n) => `（${n}）`)),
    table: () => run(insert(schema.nodes.table.create(null, [row(3), row(3), row(3)]))),
    "add-row": () => run(addRow), "drop-row": () => run(dropRow), "add-column": () => run(addColumn), "drop-column": () => run(dropColumn),
    undo: () => run(undo), redo: () => run(redo), remark: () => remark(view), plain: () => show(false), paper: () => show(true),
  };
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (button) { press[button.getAttribute("data-do")](); }
  });
  tools.addEventListener("change", (event) => {
    const name = event.target.getAttribute("data-set"), value = event.target.value;
    event.target.value = "";
    if (name === "unit") { run(attrs(() => ({ unit: value === "-" ? "" : value, round: 0 }))); }
    if (name === "point") {
      const n = Number(value);
      run(attrs((old) => ({ points: value === "-" ? [] : old.points.includes(n) ? old.points.filter((one) => one !== n) : [...old.points, n].sort((a, b) => a - b) })));
    }
    if (name === "picture" && value) { run(insert(schema.nodes.picture.create({ file: Number(value) }))); }
    event.stopPropagation();
  });
  mark(view.state);
}

function begin(text) {
  return EditorState.create({
    doc: parse(text),
    plugins: [
      history(), keymap({ "Mod-z": undo, "Mod-y": redo, "Shift-Mod-z": redo, Tab: cellStep(1), "Shift-Tab": cellStep(-1), Enter: leave }),
      keymap(baseKeymap), new Plugin({ props: { decorations: (state) => looks(state.doc) } }),
    ],
  });
}

function mark(state) { tools.classList.toggle("in-table", Boolean(inside(state, schema.nodes.cell))); }

function show(paper) {
  document.getElementById("editor").hidden = !paper;
  area.closest(".field").hidden = paper;
  tools.classList.toggle("as-plain", !paper);
}

// 批注: the words chosen and their paragraph go into the remark's form.
function remark(view) {
  const { from, to } = view.state.selection, quote = document.getElementById("remark-quote"), where = document.getElementById("remark-paragraph");
  if (!quote || !where) { return; }
  let number = 0, found = 0;
  view.state.doc.forEach((node, at) => {
    if (node.type === schema.nodes.paragraph && !plain(node)) { return; }
    number += 1;
    if (at <= from && from <= at + node.nodeSize) { found = number; }
  });
  quote.value = view.state.doc.textBetween(from, to, " ");
  where.value = String(found || number);
  const closed = quote.closest("details"), words = document.getElementById("remark-text") || quote;
  if (closed) { closed.open = true; }
  words.scrollIntoView({ block: "center" });
  words.focus();
}

if (area && tools && document.getElementById("editor")) { tools.hidden = false; start(); show(true); }
