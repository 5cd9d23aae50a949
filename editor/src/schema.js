// 公文正文的结构: paragraphs with their source and the points they answer, tables of plain cells, pictures with captions.
import { Schema } from "prosemirror-model";

const LOOKS = [[/^[一二三四五六七八九十百]+、/, "one"], [/^[（(][一二三四五六七八九十百]+[)）]/, "two"]];

export function look(text) {
  const found = LOOKS.find(([shape]) => shape.test(text));
  return found && text.length <= 40 && !/[。；]/.test(text) ? found[1] : "";
}

function label(attrs) {
  const source = attrs.unit ? `来源：${attrs.unit}${attrs.round ? `第${attrs.round}次` : ""}` : "";
  const answers = attrs.points.length ? `答第${attrs.points.join("、")}点` : "";
  return [source, answers].filter(Boolean).join("　");
}

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: {
      group: "block", content: "text*",
      attrs: { unit: { default: "" }, round: { default: 0 }, points: { default: [] } },
      parseDOM: ["p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "div", "blockquote", "pre"].map((tag) => ({
        tag,
        getAttrs: (dom) => ({
          unit: dom.getAttribute("data-unit") || "", round: Number(dom.getAttribute("data-round") || 0),
          points: (dom.getAttribute("data-points") || "").split(",").filter(Boolean).map(Number),
        }),
      })),
      toDOM: (node) => {
        const about = label(node.attrs), shape = {};
        if (about) { shape["data-about"] = about; }
        if (node.attrs.unit) { shape["data-unit"] = node.attrs.unit; shape.class = "sourced"; }
        if (node.attrs.round) { shape["data-round"] = String(node.attrs.round); }
        if (node.attrs.points.length) { shape["data-points"] = node.attrs.points.join(","); }
        return ["p", shape, 0];
      },
    },
    table: { group: "block", content: "row+", isolating: true, parseDOM: [{ tag: "table" }], toDOM: () => ["table", ["tbody", 0]] },
    row: { content: "cell+", parseDOM: [{ tag: "tr" }], toDOM: () => ["tr", 0] },
    cell: { content: "text*", isolating: true, parseDOM: [{ tag: "td" }, { tag: "th" }], toDOM: () => ["td", 0] },
    picture: {
      group: "block", content: "text*", isolating: true, attrs: { file: {} },
      parseDOM: [{ tag: "figure[data-file]", contentElement: "figcaption", getAttrs: (dom) => ({ file: Number(dom.getAttribute("data-file")) }) }],
      toDOM: (node) => [
        "figure", { "data-file": String(node.attrs.file) }, ["img", { src: `/files/${node.attrs.file}/`, alt: `图${node.attrs.file}` }],
        ["figcaption", 0],
      ],
    },
    text: {},
  },
});
