// 正文的写法, as huiyin/rules/text.py has it: one block a line. parse(typed) → document, typed(document) → text.
import { schema } from "./schema.js";

const MARK = /^【([^【】\n]{2,60})】\s*/;
const ANSWERS = /^答第?(\d{1,2}(?:、\d{1,2})*)点?$/;
const SOURCE = /^(.{2,}?)(?:第([1-9]\d?)次)?$/;
const PICTURE = /^图(\d{1,12})$/;
const CELLS = /^\|(.*)\|$/;

const words = (text) => (text ? [schema.text(text)] : []);

export function parse(typed) {
  const blocks = [];
  let table = false;
  for (const raw of typed.split(/\r\n|\r|\n/)) {
    const line = raw.trim();
    const row = CELLS.exec(line);
    if (row) {
      const cells = row[1].split("|").map((one) => schema.nodes.cell.create(null, words(one.trim())));
      const node = schema.nodes.row.create(null, cells);
      if (table) { blocks[blocks.length - 1].push(node); } else { blocks.push([node]); }
    } else if (line) {
      blocks.push(marked(line));
    }
    table = row !== null;
  }
  const nodes = blocks.map((one) => (Array.isArray(one) ? schema.nodes.table.create(null, one) : one));
  return schema.nodes.doc.create(null, nodes.length ? nodes : [schema.nodes.paragraph.create()]);
}

function marked(line) {
  const mark = MARK.exec(line);
  if (!mark) { return schema.nodes.paragraph.create(null, words(line)); }
  const rest = line.slice(mark[0].length);
  const picture = PICTURE.exec(mark[1]);
  if (picture) { return schema.nodes.picture.create({ file: Number(picture[1]) }, words(rest)); }
  const parts = mark[1].split("·");
  let points = [];
  const answers = ANSWERS.exec(parts[parts.length - 1].trim());
  if (answers) {
    points = [...new Set(answers[1].split("、").map(Number))];
    parts.pop();
  }
  if (!parts.length) { return schema.nodes.paragraph.create({ points }, words(rest)); }
  const source = SOURCE.exec(parts.join("·").trim());
  if (!source) { return schema.nodes.paragraph.create(null, words(line)); }
  return schema.nodes.paragraph.create({ unit: source[1], round: Number(source[2] || 0), points }, words(rest));
}

export function mark(attrs) {
  const source = attrs.unit && attrs.round ? `${attrs.unit}第${attrs.round}次` : attrs.unit;
  const answers = attrs.points.length ? `答${attrs.points.join("、")}` : "";
  const inside = [source, answers].filter(Boolean).join("·");
  return inside ? `【${inside}】` : "";
}

export function typed(doc) {
  const lines = [];
  let before = null;
  doc.forEach((node) => {
    if (node.type === schema.nodes.table) {
      if (before === node.type) { lines.push(""); }
      node.forEach((row) => {
        const cells = [];
        row.forEach((cell) => cells.push(plain(cell).replace(/\|/g, "｜")));
        lines.push(`|${cells.join("|")}|`);
      });
    } else if (node.type === schema.nodes.picture) {
      lines.push(`【图${node.attrs.file}】${plain(node)}`);
    } else if (plain(node)) {
      lines.push(mark(node.attrs) + plain(node));
    } else {
      return;
    }
    before = node.type;
  });
  return lines.join("\n");
}

export function plain(node) { return node.textContent.replace(/\s*\n\s*/g, " ").trim(); }
