// Evidence as a reader can follow it: what contradicts what, models as tables, Lean files.

import { copy, download, element, folded, table } from "./dom.js";
import { pretty } from "./formulas.js";

/** The evidence of an answer to `formal`, as nodes. */
export function shown(evidence, formal, name) {
  switch (evidence?.kind) {
    case "refutation": return refutation(evidence, formal);
    case "models": return twoModels(evidence);
    case "model": return [element("p", {}, "All of it is true in this model:"), model(evidence.model, "A model")];
    case "lean": return lean(evidence, name);
    case "script": return [
      ...(evidence.model ? [element("pre", {}, evidence.model)] : []),
      ...(evidence.proof ? [proof(evidence.proof)] : []),
    ];
    case "attempts": return [table("What was tried", ["", "answer", "seconds"], evidence.tried.map(([what, answer, seconds]) => [what, answer, seconds.toFixed(2)]))];
    case "conflict": return [table("Answers that contradict each other", ["prover", "answer"], evidence.answers)];
    default: return [element("p", { class: "soft" }, "There is none.")];
  }
}

// --- refutations ---------------------------------------------------------------------------

const CLAIMS = {
  goal: "the denial of the statement",
  negation: "the statement",
  premises: null,
};

function refutation(evidence, formal) {
  const assumed = CLAIMS[evidence.claim];
  const nodes = [element("p", {}, said(evidence, assumed))];
  const rows = (evidence.instances ?? []).map(([formula, , bindings]) => [spelled(formula, evidence.claim, formal), bound(bindings)]);
  const once = [...new Map(rows.map((row) => [row.join("\0"), row])).values()];
  if (once.some(([, values]) => values)) {
    nodes.push(table("Put together, these contradict each other", ["formula", "taken for"], once));
  }
  if (evidence.proof) nodes.push(proof(evidence.proof));
  if (evidence.consistency && !empty(evidence.consistency)) {
    nodes.push(folded("The premises do not contradict each other: a model", model(evidence.consistency, "All premises are true here")));
  }
  return nodes;
}

function said(evidence, assumed) {
  const n = evidence.used.length;
  if (n === 0) return "Its own numbers and words decide it: no premise is needed.";
  const premises = n === 1 ? "The marked premise" : `The ${n} marked premises`;
  const least = evidence.minimal && n > 1 ? " None of them can be left out." : "";
  if (assumed === null) return `${premises} cannot all be true.${least}`;
  return `${premises} and ${assumed} cannot be true together.${least}`;
}

function spelled(index, claim, formal) {
  if (index >= 0) return pretty(formal.premises[index] ?? `premise ${index + 1}`, formal.notation);
  const goal = pretty(formal.goal ?? "", formal.notation);
  return claim === "goal" ? `not: ${goal}` : goal;
}

function bound(bindings) {
  return Object.entries(bindings).map(([variable, term]) => `${variable} = ${term.replace(/§-?\d+\./g, "")}`).join(", ");
}

function proof({ format, text }) {
  const shownText = text.length > 100_000 ? `${text.slice(0, 100_000)}\n… (${text.length} characters in all)` : text;
  return folded(`Proof (${format})`, code(shownText, `The proof in the format ${format}`), element("button", { type: "button", on: { click: ({ target }) => copied(target, text) } }, "Copy"));
}

// --- models --------------------------------------------------------------------------------

const empty = (data) => !Object.keys(data.predicates).length && !Object.keys(data.functions).length;

function twoModels(evidence) {
  const columns = [evidence.goal_true, evidence.goal_false];
  return [
    element("p", {}, "All premises are true in both of these cases, and the statement is true in only one. What differs is marked."),
    table("Two cases", ["", "statement true", "statement false"], compared(columns)),
  ];
}

/** A model as a table of what holds in it. */
function model(data, caption) {
  const rows = compared([data]);
  return rows.length ? table(caption, [], rows) : element("p", {}, `${caption}: nothing has to hold.`);
}

/** Rows of what is said in any of the models, with its value in each; what differs is marked. */
function compared(models) {
  const read = models.map((data) => ({ data, names: elementNames(data), facts: facts(data) }));
  const labels = new Map(read.flatMap(({ facts }) => [...facts]));
  return [...labels].sort(([, a], [, b]) => a.key.localeCompare(b.key)).map(([label, fact]) => {
    const values = read.map((one) => one.facts.get(label)?.value ?? otherwise(one, fact));
    const differs = new Set(values).size > 1;
    return [label, ...values.map((value) => (differs ? element("mark", {}, value) : value))];
  });
}

/** What holds in a model, by how it is said: "dog(rex)" is "yes", "age(rex)" is "5". */
function facts(data) {
  const names = elementNames(data);
  const found = new Map();
  const add = (key, name, args, value) => {
    const called = args.map((arg) => names.get(arg) ?? arg);
    found.set(called.length ? `${name}(${called.join(", ")})` : name, { key, value, args: called });
  };
  for (const [key, { rows, default: rest }] of sorted(data.predicates)) {
    const [name, arity] = split(key);
    const listed = new Map(rows.map((row) => [row.slice(0, -1).join("\0"), row.at(-1)]));
    if (arity === 1 && onDomain(data, rows)) {
      for (const value of domain(data)) add(key, name, [value], yes(listed.get(value) ?? rest));
    } else {
      for (const row of rows) add(key, name, row.slice(0, -1), yes(row.at(-1)));
      if (arity === 0 && !rows.length) add(key, name, [], yes(rest));
      else if (rest) add(key, name, Array(arity).fill("…"), yes(rest));
    }
  }
  for (const [key, { rows, default: rest }] of sorted(data.functions)) {
    const [name, arity] = split(key);
    for (const row of rows) {
      const value = String(row.at(-1));
      if (arity === 0 && names.get(value) === name) continue; // the element is called by this name
      add(key, name, row.slice(0, -1), names.get(value) ?? value);
    }
    if (rest !== null && !(arity === 0 && rows.length)) add(key, name, Array(arity).fill("…"), names.get(String(rest)) ?? String(rest));
  }
  return found;
}

const yes = (truth) => (truth ? "yes" : "no");

/** The value of a fact that a model does not list: what its table says of all else. */
function otherwise({ data, names }, { key, value, args }) {
  const elements = new Set(names.values());
  const strange = args.some((arg) => arg !== "…" && !elements.has(arg) && !/^-?\d/.test(arg));
  if (strange) return "–"; // there is no such element
  if (value === "yes" || value === "no") return yes(data.predicates[key]?.default);
  const rest = data.functions[key]?.default;
  return rest === undefined || rest === null ? "–" : names.get(String(rest)) ?? String(rest);
}

const sorted = (tables) => Object.entries(tables).sort(([a], [b]) => a.localeCompare(b));

function split(key) {
  const at = key.lastIndexOf("/");
  return [key.slice(0, at), Number(key.slice(at + 1))];
}

const domain = (data) => Object.values(data.domains)[0] ?? [];

function onDomain(data, rows) {
  const only = Object.keys(data.domains).length === 1;
  return only && rows.every(([value]) => domain(data).includes(value));
}

/** Elements by a name that the text gives them; the others are "a", "b", … */
function elementNames(data) {
  const names = new Map();
  for (const [key, { rows }] of sorted(data.functions)) {
    const [name, arity] = split(key);
    if (arity === 0 && rows.length && !names.has(rows[0][0])) names.set(rows[0][0], name);
  }
  const taken = new Set(names.values());
  const free = [..."abcdefghijklmnopqrstuvwxyz"].filter((letter) => !taken.has(letter));
  for (const value of Object.values(data.domains).flat()) {
    if (!names.has(value)) names.set(value, free.length ? free.shift() : value);
  }
  return names;
}

// --- Lean ----------------------------------------------------------------------------------

/** A Lean file to read, copy and save. */
export function lean(proofData, name) {
  const axioms = proofData.axioms.length ? `axioms: ${proofData.axioms.join(", ")}` : "no axioms";
  const how = proofData.tier === "replayed" ? "its proof went through the kernel again" : "a remote server accepted it";
  const what = proofData.claim === "negation" ? "The contrary is proved" : "Proved";
  return [
    element("p", {}, `${what} in Lean ${proofData.lean}; ${how}; ${axioms}.`),
    code(proofData.code, "Lean file"),
    element("p", { class: "buttons" },
      element("button", { type: "button", class: "copy-lean", on: { click: ({ target }) => copied(target, proofData.code) } }, "Copy"),
      element("button", { type: "button", on: { click: () => download(`${name}.lean`, proofData.code) } }, "Save as a file")),
  ];
}

const code = (text, label) => element("pre", { tabIndex: 0, role: "region", "aria-label": label }, element("code", {}, text));

async function copied(button, text) {
  const done = await copy(text);
  const before = button.textContent;
  button.textContent = done ? "Copied" : "Select it and copy by hand";
  setTimeout(() => { button.textContent = before; }, 2000);
}
