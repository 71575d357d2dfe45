// The page: what is typed, what comes back, what is open, and the keys.

import { copy, element, find } from "./dom.js";
import { details } from "./details.js";
import * as server from "./server.js";
import { pack, unpack } from "./share.js";
import { URGENCY, badge, counted, flagWord } from "./verdicts.js";

const WIDE = matchMedia("(min-width: 62rem)");
const MARKER = /^\s*(?:[-*•]|\(?\d{1,3}[.)]|step\s+\d{1,3}\s*[:.)-]?)\s+/i;

let input = null; // what is being verified, or was
let steps = []; // the verified ones, as the server wrote them
let report = null;
let opened = null; // the index of the step whose details are shown, or "given"
let running = null; // the AbortController of the request
let retry = null; // what to do once there is a token
const asking = new Set(); // AbortControllers of statements that are asked again

// --- what is typed -------------------------------------------------------------------------

const FIELDS = ["question", "premises", "solution", "world"];

function typed() {
  const [question, premises, solution, world] = FIELDS.map((name) => find(name).value);
  const lines = premises.split("\n").map((line) => line.trim()).filter(Boolean);
  return { question: question.trim(), premises: lines, solution: solution.trim(), world, certify: find("certify").checked };
}

function fill({ question, premises, solution, world, certify }) {
  find("question").value = question;
  find("premises").value = premises.join("\n");
  find("solution").value = solution;
  find("world").value = ["open", "closed", "forward"].includes(world) ? world : "open";
  find("certify").checked = certify === true;
}

function recordOf({ question, premises, solution, world, certify }) {
  return { ...(question ? { question } : {}), premises, solution, world, certify };
}

// --- verifying -----------------------------------------------------------------------------

async function verify(again = null) {
  stop();
  input = again ?? typed();
  complain("");
  if (!input.solution) {
    compose();
    complain("There is no step to verify: write the solution first.");
    find("solution").focus();
    return;
  }
  const mine = new AbortController();
  running = mine;
  started();
  try {
    for await (const [name, data] of server.verify(recordOf(input), mine.signal)) {
      if (mine.signal.aborted) return;
      if (name === "step") stepped(data.step ?? data);
      else if (name === "report") reported(data.report ?? data);
    }
    if (report === null) complain("The server ended its answer too early: what is below is not all of it.");
  } catch (error) {
    if (running === mine) failed(error, () => verify(input));
  } finally {
    if (running === mine) finished();
  }
}

function stop() {
  running?.abort();
  for (const controller of asking) controller.abort();
}

function started() {
  [steps, report] = [[], null];
  close();
  document.body.classList.add("verifying");
  find("compose").hidden = true;
  find("result").hidden = false;
  find("stop").hidden = false;
  find("waiting").hidden = false;
  find("edit").hidden = find("share").hidden = find("link-line").hidden = find("answer").hidden = true;
  for (const id of ["steps", "limits", "summary"]) find(id).replaceChildren();
  find("result-title").replaceChildren("Verifying");
  given();
  find("result-title").focus({ preventScroll: true });
  scrollTo({ top: 0 });
  say("Verifying.");
}

function stepped(step) {
  steps.push(step);
  find("steps").append(row(step));
  find("summary").textContent = counted(steps);
  say(`${steps.length} ${steps.length === 1 ? "step" : "steps"} verified: ${counted(steps)}.`);
}

function reported(data) {
  report = data;
  steps = data.steps;
  const rows = find("steps");
  const focused = [...rows.children].findIndex((item) => item.contains(document.activeElement));
  rows.replaceChildren(...steps.map(row));
  if (focused >= 0) rows.children[focused]?.querySelector("button").focus();
  given();
  if (opened !== null) show(opened);
}

function finished() {
  running = null;
  document.body.classList.remove("verifying");
  find("stop").hidden = find("waiting").hidden = true;
  find("edit").hidden = find("share").hidden = false;
  find("result-title").replaceChildren(...(report ? ["Overall ", badge(report.verdict)] : ["Not finished"]));
  find("summary").textContent = counted(steps);
  if (report) ended();
  say(report ? `Done, overall ${report.verdict}: ${counted(steps)}.` : `Stopped after ${steps.length} steps.`);
  const first = worst();
  if (first !== null && opened === null && (WIDE.matches || input.open)) show(steps.some(({ index }) => index === input.open) ? input.open : first);
  if (document.activeElement === find("result-title") || document.activeElement === document.body) {
    buttonOf(first)?.focus({ preventScroll: true });
  }
}

function ended() {
  const { answer, summary } = report;
  find("answer").hidden = !answer?.value;
  if (answer?.value) find("answer").replaceChildren("Answer ", element("b", {}, String(answer.value)), " ", badge(answer.verdict), " ", element("span", { class: "soft" }, (answer.message ?? "").replaceAll("_", " ")));
  const flawed = (report.question?.checks?.stages ?? []).filter(({ verdict }) => verdict === "flawed");
  find("limits").replaceChildren(...[...flawed.map(({ message }) => message), ...(summary?.limits ?? [])].map((text) => element("li", {}, text)));
}

/** The step that is to be looked at first. */
function worst() {
  const rank = ({ verdict }) => (URGENCY.includes(verdict) ? URGENCY.indexOf(verdict) : URGENCY.length);
  return steps.length ? steps.reduce((best, step) => (rank(step) < rank(best) ? step : best)).index : null;
}

function failed(error, act) {
  if (error.name === "AbortError") return;
  complain(error.message);
  if (!steps.length) compose();
  if (error.wantsToken) askForToken(act);
}

// --- what was given, and the steps ---------------------------------------------------------

function given() {
  const { question, premises } = input;
  find("given").hidden = !question && !premises.length;
  const unread = new Set((report?.question?.unread ?? []).map(({ source }) => source));
  find("given-question").hidden = !question;
  find("given-question").replaceChildren(...sentences(question, report?.question?.sentences ?? [], unread));
  find("given-premises").replaceChildren(...premises.map((text, i) => element("li", { id: `premise-${i + 1}`, class: sourceClass(unread, `premise ${i + 1}`), tabIndex: -1 }, element("span", {}, text))));
  find("unread").hidden = !unread.size;
  const clash = report?.question?.consistency?.outcome === "inconsistent";
  find("conflict").hidden = !clash;
  find("conflict").replaceChildren(element("span", { class: "what" }, "What is given contradicts itself"), badge("inconsistent"));
  find("conflict").setAttribute("aria-expanded", String(opened === "given"));
}

/** The question, each of its sentences where the server found it. */
function sentences(question, found, unread) {
  const nodes = [];
  let at = 0;
  found.forEach((sentence, i) => {
    const start = question.indexOf(sentence, at);
    if (start < 0) return;
    nodes.push(question.slice(at, start), element("span", { id: `question-${i + 1}`, class: sourceClass(unread, `question ${i + 1}`), tabIndex: -1 }, element("span", {}, sentence)));
    at = start + sentence.length;
  });
  return [...nodes, question.slice(at)];
}

const sourceClass = (unread, source) => `source-text${unread.has(source) ? " unread" : ""}`;

function row(step) {
  const marks = step.flags.map((flag) => element("small", { class: flag === "depends_on_refuted" ? "doubt" : "" }, flagWord(flag)));
  const certified = (step.claims ?? [step]).every(({ certificate }) => certificate?.kind === "lean");
  if (certified) marks.push(element("small", {}, "in Lean, too"));
  return element("li", {},
    element("button", {
      type: "button",
      class: "row",
      id: `step-${step.index}`,
      data: { verdict: step.verdict, step: String(step.index) },
      "aria-expanded": String(opened === step.index),
      on: { click: () => toggle(step.index) },
    },
    element("span", { class: "number" }, String(step.index)),
    element("span", { class: "what" }, step.text.replace(MARKER, "") || step.text),
    element("span", { class: "tags" }, badge(step.verdict, step.reason), marks)));
}

const buttonOf = (which) => (which === "given" ? find("conflict") : which === null ? null : find(`step-${which}`));

function toggle(which) {
  if (opened === which) close();
  else show(which);
}

function show(which) {
  const step = which === "given" ? conflict() : steps.find(({ index }) => index === which);
  if (!step) return;
  close();
  opened = which;
  const button = buttonOf(which);
  button.setAttribute("aria-expanded", "true");
  const panel = element("section", { id: "details", data: { verdict: step.verdict }, "aria-label": `Details of ${step.title ?? `step ${which}`}` }, ...details(step, actions).filter(Boolean));
  button.setAttribute("aria-controls", "details");
  if (WIDE.matches) find("side").replaceChildren(panel);
  else button.after(panel);
  for (const area of panel.querySelectorAll("textarea")) fit(area);
  mark(step);
}

function conflict() {
  const { consistency } = report.question;
  return { ...consistency, title: "What is given", verdict: "inconsistent", index: undefined };
}

function close() {
  const button = buttonOf(opened);
  opened = null;
  find("details")?.remove();
  button?.setAttribute("aria-expanded", "false");
  button?.removeAttribute("aria-controls");
  mark(null);
}

/** Mark the words that a step's evidence rests on. */
function mark(step) {
  for (const node of document.querySelectorAll(".needed")) node.classList.remove("needed");
  for (const node of document.querySelectorAll(".source-text mark")) node.replaceWith(element("span", {}, node.textContent));
  const needed = (step?.claims ?? (step ? [step] : [])).flatMap(({ formal, evidence }) => (evidence?.used ?? []).map((i) => formal?.sources?.[i]));
  for (const source of new Set(needed.filter(Boolean))) {
    const node = place(source);
    if (node?.classList.contains("source-text")) node.firstChild.replaceWith(element("mark", {}, node.firstChild.textContent));
    else node?.classList.add("needed");
  }
}

const place = (source) => find(source.replace(" ", "-"));

const actions = {
  close: () => {
    const button = buttonOf(opened);
    close();
    button?.focus();
  },
  certify: () => {
    find("certify").checked = true;
    verify({ ...input, certify: true, open: opened === "given" ? null : opened });
  },
  prove: async (problem) => {
    const mine = new AbortController();
    asking.add(mine);
    try {
      return await server.prove(problem, mine.signal);
    } catch (error) {
      if (error.wantsToken) askForToken(() => undefined);
      throw error;
    } finally {
      asking.delete(mine);
    }
  },
  text: (source) => place(source)?.querySelector("span, mark, .what")?.textContent ?? "",
  show: (source) => {
    const node = place(source);
    node?.focus();
    node?.scrollIntoView({ block: "center" });
  },
};

// --- editing, sharing, tokens --------------------------------------------------------------

function compose() {
  find("compose").hidden = false;
  find("result").hidden = true;
  close();
}

async function share() {
  const state = { ...input, open: typeof opened === "number" ? opened : null };
  history.replaceState(null, "", `#${await pack(state)}`);
  find("link").value = location.href;
  find("link-line").hidden = false;
  find("link").select();
  say((await copy(location.href)) ? "The link is copied." : "The link is ready to be copied.");
  find("link").focus();
}

async function fromLink() {
  const held = location.hash.slice(1);
  if (!held) return;
  try {
    const state = await unpack(held);
    fill(state);
    await verify(state);
  } catch (error) {
    complain(error.message);
  }
}

function askForToken(act) {
  retry = act;
  find("token-form").hidden = false;
  find("token").focus();
}

function withToken(event) {
  event.preventDefault();
  const token = find("token").value.trim();
  if (!/^[\x21-\x7e]+$/.test(token)) {
    complain("This is no token: paste it without spaces.");
    return;
  }
  server.keepToken(token);
  find("token").value = "";
  find("token-form").hidden = true;
  complain("");
  retry?.();
}

function complain(message) {
  find("problem").hidden = !message;
  find("problem").textContent = message;
}

function say(message) {
  find("status").textContent = message;
}

async function listExamples() {
  try {
    const list = await server.examples();
    find("example-list").replaceChildren(...list.map((example) => element("li", {},
      element("button", { type: "button", class: "example", data: { example: example.name }, on: { click: () => {
        fill(example);
        verify();
      } } }, element("b", {}, example.title), element("span", {}, example.about)))));
    find("examples").hidden = find("to-examples").hidden = !list.length;
  } catch (error) {
    complain(error.message);
  }
}

// --- keys ----------------------------------------------------------------------------------

function keyed(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !find("compose").hidden) {
    event.preventDefault();
    verify();
  } else if (event.key === "Escape") {
    if (running) running.abort();
    else if (opened !== null) actions.close();
  } else if (["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) {
    move(event);
  }
}

/** Arrow keys go from one step to the next; where details stand beside the steps they follow. */
function move(event) {
  const rows = [...find("text").querySelectorAll("button.row:not([hidden])")];
  const at = rows.indexOf(document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  const next = rows[Math.min(Math.max(to, 0), rows.length - 1)];
  next.focus();
  if (WIDE.matches && opened !== null) show(next.dataset.step ? Number(next.dataset.step) : "given");
}

function fit(area) {
  area.style.height = "auto"; // set by script, which the content policy allows
  area.style.height = `${area.scrollHeight + 2}px`;
}

document.addEventListener("keydown", keyed);
document.addEventListener("input", ({ target }) => target.classList?.contains("goal") && fit(target));
find("input").addEventListener("submit", (event) => {
  event.preventDefault();
  verify();
});
find("token-form").addEventListener("submit", withToken);
find("stop").addEventListener("click", () => running?.abort());
find("edit").addEventListener("click", () => {
  compose();
  find("solution").focus();
});
find("share").addEventListener("click", share);
find("to-examples").addEventListener("click", () => find("example-list").querySelector("button")?.focus());
find("conflict").addEventListener("click", () => toggle("given"));
WIDE.addEventListener("change", () => opened !== null && show(opened));
addEventListener("hashchange", fromLink);

await Promise.all([listExamples(), fromLink()]);
document.documentElement.dataset.ready = "yes";
