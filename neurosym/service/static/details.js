// The details of a step: formal statement, premises, evidence, certificate, and asking again.

import { element, folded, table } from "./dom.js";
import { lean, shown } from "./evidence.js";
import { pretty, script } from "./formulas.js";
import { badge, flagMeaning, flagWord, meaning } from "./verdicts.js";

const FEW = 4; // premises that were not used and are listed all the same

/**
 * The details of a step. `actions` has `prove(problem)`, `show(source)` to go to what a premise
 * comes from, `text(source)` for its words, and `certify()` to ask for Lean certificates.
 */
export function details(step, actions) {
  const claims = step.claims ?? [step];
  return [
    element("header", {},
      element("h2", { tabIndex: -1 }, step.title ?? `Step ${step.index}`),
      badge(step.verdict, step.reason),
      element("button", { type: "button", class: "close", "aria-label": "Close the details", on: { click: actions.close } }, "×")),
    element("p", { class: "meaning" }, meaning(step.verdict)),
    remarks(step),
    ...claims.map((claim, i) => claimed(step, claim, claims.length > 1 ? i + 1 : 0, actions)),
  ];
}

function remarks({ flags, messages }) {
  const lines = [
    ...flags.map((flag) => element("li", {}, element("b", {}, flagWord(flag)), ` ${flagMeaning(flag)}`)),
    ...messages.map((message) => element("li", {}, message.text ?? message)),
  ];
  return lines.length ? element("ul", { class: "remarks" }, lines) : null;
}

function claimed(step, claim, number, actions) {
  const nodes = [];
  if (number) {
    nodes.push(element("h3", { class: "claim-title" }, `Claim ${number}`), element("p", { class: "quoted" }, claim.text, " ", badge(claim.verdict, claim.reason)));
  }
  if (!claim.formal) {
    if (!number) nodes.push(element("p", { class: "soft" }, "There is no formal statement, so no prover was asked."));
    return element("section", { class: "claim" }, nodes);
  }
  const name = `step-${step.index ?? "given"}${number ? `-${number}` : ""}`;
  nodes.push(
    statement(claim, actions),
    readBack(claim) ?? "",
    element("h3", {}, "Evidence"),
    element("div", { class: "evidence" }, shown(claim.evidence, claim.formal, name)),
    element("p", { class: "soft" }, by(claim)),
  );
  const models = claim.evidence?.kind === "models"; // evidence that needs no proof beside it
  if (claim.certificate && !models) nodes.push(element("h3", {}, "Lean certificate"), certificate(claim.certificate, name, actions));
  return element("section", { class: "claim" }, nodes);
}

/** What a language model's translation says, and what other translations would have led to. */
function readBack({ translation, disagreements }) {
  const { model, rendered, agreement } = translation ?? {};
  const nodes = [];
  if (translation) nodes.push(element("p", {}, "Read back: ", element("q", {}, rendered), element("small", {}, ` Translated by ${model}; ${Math.round(agreement * 100)} % of its samples agree.`)));
  if (disagreements?.length) nodes.push(table("Other translations", ["of", "formula", "verdict"], disagreements.map(({ of, formula, verdict }) => [of, formula, badge(verdict)])));
  return nodes.length ? element("div", { class: "translated" }, nodes) : null;
}

const by = ({ prover, seconds }) => [prover && `Answered by ${prover}`, seconds !== undefined && `${(seconds * 1000).toFixed(0)} ms`].filter(Boolean).join(", ");

function certificate(data, name, actions) {
  if (data.kind === "lean") return element("div", { class: "certificate" }, lean(data, name));
  const retry = /not asked|not ready/.test(data.reason)
    ? element("button", { type: "button", on: { click: actions.certify } }, "Prove all in Lean 4, too")
    : null;
  return element("div", { class: "certificate" }, element("p", { class: "soft" }, `There is none: ${data.reason}.`), retry);
}

// --- the formal statement, to be changed and asked again -----------------------------------

function statement(claim, actions) {
  const { formal } = claim;
  const used = new Set(claim.evidence?.used ?? []);
  const rows = formal.premises.map((text, i) => premise(text, formal, formal.sources?.[i], used.has(i), actions));
  const [near, far] = [rows.filter((_, i) => used.has(i)), rows.filter((_, i) => !used.has(i))];
  const answer = element("div", { class: "again", "aria-live": "polite" });
  const goal = element("textarea", { class: "goal formula", rows: 1, spellcheck: false, value: formal.goal ?? "", "aria-label": "Formal statement, to be changed" });
  const ask = () => again(formal, rows, goal.value.trim(), answer, actions);
  goal.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    ask();
  });
  const undo = () => {
    goal.value = formal.goal ?? "";
    for (const row of rows) row.querySelector("input").checked = true;
    answer.replaceChildren();
  };
  return element("div", { class: "statement" },
    element("h3", {}, "Formal statement"),
    near.length ? element("ul", { class: "formulas", "aria-label": "Premises that were used" }, near) : null,
    !far.length ? null
      : !near.length && far.length <= FEW ? element("ul", { class: "formulas", "aria-label": "Premises" }, far)
      : folded(near.length ? `${many(far.length, "more premise")}, not needed` : many(far.length, "premise"), element("ul", { class: "formulas" }, far)),
    formal.goal === null ? null : [
      formal.notation === "smtlib" ? element("p", { class: "spelled formula" }, element("span", { class: "turnstile", "aria-hidden": "true" }, "⊢"), pretty(formal.goal, "smtlib")) : null,
      element("p", { class: "goal-line" }, formal.notation === "smtlib" ? null : element("span", { class: "turnstile", "aria-hidden": "true" }, "⊢"), goal),
      element("p", { class: "buttons" },
        element("button", { type: "button", class: "check", on: { click: ask } }, "Check again"),
        element("button", { type: "button", class: "plain", on: { click: undo } }, "Undo"),
        rows.length ? element("small", {}, "with the ticked premises") : null),
      answer,
    ]);
}

const many = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

function premise(text, formal, source, used, actions) {
  const box = element("input", { type: "checkbox", checked: true, "aria-label": `Use the premise ${pretty(text, formal.notation)}` });
  const spelled = pretty(text, formal.notation);
  const known = source ? actions.text(source) : "";
  return element("li", { class: used ? "used" : "" },
    box,
    element("div", {},
      element("code", { class: "formula" }, used ? element("mark", {}, spelled) : spelled),
      source ? element("button", { type: "button", class: "source", title: known, on: { click: () => actions.show(source) } }, source) : null));
}

async function again(formal, rows, goal, answer, actions) {
  const kept = formal.premises.filter((_, i) => rows[i].querySelector("input").checked);
  if (!goal) {
    answer.replaceChildren(element("p", { class: "problem" }, "The formal statement is empty: write one, or undo."));
    return;
  }
  answer.replaceChildren(element("p", { class: "soft" }, "Asking …"));
  try {
    const result = formal.notation === "smtlib" ? await byScript(kept, goal, actions) : await actions.prove({ language: "fol", notation: formal.notation, premises: kept, goal });
    const asked = { ...formal, premises: kept, goal };
    answer.replaceChildren(
      element("p", {}, badge(result.outcome, result.reason), " ", meaning(result.outcome)),
      remarks({ flags: result.flags, messages: result.messages }) ?? "",
      ...(result.evidence?.used?.length ? [element("ul", { class: "formulas" }, result.evidence.used.map((i) => element("li", { class: "used" }, element("code", { class: "formula" }, element("mark", {}, pretty(kept[i], formal.notation))))))] : []),
      ...(result.evidence ? shown(result.evidence, asked, "again") : []));
  } catch (error) {
    if (error.name === "AbortError") answer.replaceChildren();
    else answer.replaceChildren(element("p", { class: "problem" }, error.message));
  }
}

/** The outcome of a problem in SMT-LIB, by two scripts: is its denial possible, and is it itself? */
async function byScript(premises, goal, actions) {
  const scripts = [`(not ${goal})`, goal].map((assumption) => script(premises, assumption));
  if (scripts.includes(null)) throw new Error("Statements with these sorts cannot be asked again here; use neurosym prove.");
  const [denied, held] = await Promise.all(scripts.map((problem) => actions.prove({ language: "smtlib", problem })));
  const wrong = [denied, held].find(({ outcome }) => outcome === "ill_formed" || outcome === "failed");
  if (wrong) return wrong;
  const answers = `${denied.status} ${held.status}`;
  const outcome = { "unsat unsat": "inconsistent", "unsat sat": "proved", "sat unsat": "refuted", "sat sat": "independent" }[answers];
  if (outcome === "independent") return { ...denied, outcome, evidence: denied.evidence };
  if (outcome) return { ...(denied.status === "unsat" ? denied : held), outcome };
  return { ...[denied, held].find(({ status }) => status === "unknown"), outcome: "unknown" };
}
