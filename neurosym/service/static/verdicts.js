// Verdicts and flags in words and signs; colour comes on top, from the style sheet.

import { element } from "./dom.js";

const VERDICTS = {
  proved: ["✓", "proved", "It follows from what is given."],
  refuted: ["✗", "refuted", "Its contrary follows from what is given."],
  independent: ["◇", "independent", "Neither it nor its contrary follows from what is given."],
  inconsistent: ["⊥", "inconsistent", "What is given contradicts itself, so that anything would follow."],
  satisfiable: ["○", "satisfiable", "There is a case in which all of it is true."],
  unknown: ["?", "unknown", "The prover did not decide it."],
  ill_formed: ["!", "ill-formed", "The formal statement cannot be read."],
  failed: ["!", "failed", "A tool broke, or two provers contradict each other."],
  untranslated: ["…", "untranslated", "It could not be turned into a formal statement."],
  ambiguous: ["≈", "ambiguous", "Its translations lead to different verdicts."],
  no_claim: ["–", "no claim", "It asserts nothing that could be checked."],
};

const FLAGS = {
  vacuous: "It holds for a trivial reason.",
  unfaithful: "The formula and the text differ in a number, a name or a negation.",
  free_variable: "A variable was not bound by a quantifier.",
  symbol_arity_conflict: "One name stands for symbols with different numbers of arguments.",
  depends_on_refuted: "It builds on a step that is refuted.",
  assumed: "A premise that nobody stated was needed.",
};

const REASONS = { timeout: "out of time", memory: "out of memory", incomplete: "incomplete", unsupported: "not supported" };

/** How much a verdict asks for attention; the smallest number first. */
export const URGENCY = ["refuted", "inconsistent", "ill_formed", "failed", "ambiguous", "independent", "unknown", "untranslated", "proved", "satisfiable", "no_claim"];

export const word = (verdict) => VERDICTS[verdict]?.[1] ?? String(verdict);
export const meaning = (verdict) => VERDICTS[verdict]?.[2] ?? "";
export const flagWord = (flag) => String(flag).replaceAll("_", " ");
export const flagMeaning = (flag) => FLAGS[flag] ?? "";

/** A verdict's sign and word, with the reason where there is one. */
export function badge(verdict, reason = "") {
  const why = reason ? `, ${REASONS[reason] ?? reason}` : "";
  return element("span", { class: "verdict", data: { verdict } },
    element("span", { class: "sign", "aria-hidden": "true" }, VERDICTS[verdict]?.[0] ?? "•"),
    element("span", { class: "word" }, word(verdict) + why));
}

/** "2 proved, 1 refuted": how often each verdict came, the urgent ones first. */
export function counted(steps) {
  const counts = new Map();
  for (const step of steps) counts.set(step.verdict, (counts.get(step.verdict) ?? 0) + 1);
  const order = (verdict) => (URGENCY.indexOf(verdict) + URGENCY.length + 1) % (URGENCY.length + 1);
  return [...counts].sort(([a], [b]) => order(a) - order(b)).map(([verdict, n]) => `${n} ${word(verdict)}`).join(", ");
}
