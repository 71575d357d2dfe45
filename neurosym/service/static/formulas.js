// Formulas for reading. Most are spelled with ∀, ∧, → already; SMT-LIB is turned into the same.

/** A formula as people write it. */
export function pretty(text, notation) {
  if (notation !== "smtlib") return text;
  try {
    const tokens = text.match(/\|[^|]*\||[()]|[^\s()|]+/g) ?? [];
    const [tree, end] = read(tokens, 0);
    return end === tokens.length ? write(tree, 0) : text;
  } catch {
    return text; // not of the kind that is spelled here; it stays as it is
  }
}

function read(tokens, at) {
  if (at >= tokens.length) throw new Error("cut off");
  if (tokens[at] !== "(") return [tokens[at], at + 1];
  const items = [];
  for (at += 1; tokens[at] !== ")"; ) {
    const [item, next] = read(tokens, at);
    items.push(item);
    at = next;
  }
  return [items, at + 1];
}

const INFIX = { "=>": ["→", 1], or: ["∨", 2], and: ["∧", 3], "=": ["=", 4], distinct: ["≠", 4], "<": ["<", 4], "<=": ["≤", 4], ">": [">", 4], ">=": ["≥", 4], "+": ["+", 5], "-": ["−", 5], "*": ["·", 6], "/": ["/", 6], div: ["div", 6], mod: ["mod", 6] };
const UNARY = 7;

function write(tree, outer) {
  if (typeof tree === "string") return name(tree);
  const [head, ...rest] = tree;
  if (head === "forall" || head === "exists") {
    const bound = rest[0].map(([variable]) => (head === "forall" ? "∀" : "∃") + name(variable)).join(" ");
    return `${bound} ${write(rest[1], UNARY)}`;
  }
  if (head === "not") return `¬${write(rest[0], UNARY)}`;
  if (head === "to_real" || head === "to_int") return write(rest[0], outer);
  if (head === "-" && rest.length === 1) return `−${write(rest[0], UNARY)}`;
  if (typeof head === "string" && head in INFIX && rest.length > 1) {
    const [sign, level] = INFIX[head];
    const loose = head === "and" || head === "or" || head === "+" || head === "*";
    const inner = rest.map((item, i) => write(item, loose || i === 0 ? level : level + 1)).join(` ${sign} `);
    return outer > level ? `(${inner})` : inner;
  }
  return `${name(head)}(${rest.map((item) => write(item, 0)).join(", ")})`;
}

/** "|x/0f|" is x, "|Dog/1p|" is Dog, "|x:Real|" is the variable x, "2.0" is 2. */
function name(token) {
  if (typeof token !== "string") return write(token, 0);
  if (!token.startsWith("|")) return token.replace(/^(\d+)\.0$/, "$1");
  return token.slice(1, -1).replace(/(\/\d+[fp]|:[^:]*)$/, "").replace(/%([0-9a-f]+)\./g, (_, hex) => String.fromCodePoint(parseInt(hex, 16)));
}

/**
 * The SMT-LIB script that asks whether the premises and `assumption` can be true together, or null
 * where symbols other than numbers without arguments would need sorts that nothing tells here.
 */
export function script(premises, assumption) {
  const formulas = [...premises, assumption];
  const text = formulas.join("\n");
  const symbols = [...new Set(text.match(/\|[^|]*\|/g) ?? [])];
  if (!symbols.every((symbol) => symbol.endsWith("/0f|"))) return null;
  const sort = /\d\.\d|\//.test(text.replace(/\|[^|]*\|/g, "")) ? "Real" : "Int";
  return [
    ...symbols.map((symbol) => `(declare-const ${symbol} ${sort})`),
    ...formulas.map((formula) => `(assert ${formula})`),
    "(check-sat)",
  ].join("\n");
}
