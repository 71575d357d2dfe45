// The service: requests, its events as they come, its problem details as one sentence.

const KEY = "neurosym.token";

/** A refusal. `wantsToken` where the server asks who is there. */
export class Refusal extends Error {
  constructor(message, status) {
    super(message);
    this.wantsToken = status === 401;
  }
}

export const keepToken = (token) => sessionStorage.setItem(KEY, token);

/** The examples that the server has. */
export async function examples() {
  return (await answered(await send("v1/examples", { method: "GET" }))).examples;
}

/** The outcome of a formal problem. */
export async function prove(problem, signal) {
  return answered(await post("v1/prove", problem, "application/json", signal));
}

/** The events of a verification, `[name, data]`, each as soon as it is there. */
export async function* verify(record, signal) {
  const response = await post("v1/verify", record, "text/event-stream", signal);
  if (!response.ok) await refuse(response);
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
    yield ["report", await response.json()];
    return;
  }
  for await (const [name, data] of events(response.body)) {
    const parsed = JSON.parse(data);
    if (name === "error") throw new Refusal(sentence(parsed, 0), parsed.status);
    yield [name, parsed];
  }
}

function post(path, body, accept, signal) {
  return send(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept },
    body: JSON.stringify(body),
    signal,
  });
}

async function send(path, options) {
  const token = sessionStorage.getItem(KEY);
  const headers = { ...options.headers, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  try {
    return await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal("The server cannot be reached: see whether it is running, then try again.", 0);
  }
}

async function answered(response) {
  if (!response.ok) await refuse(response);
  return response.json();
}

async function refuse(response) {
  let problem = {};
  try {
    problem = await response.json();
  } catch {
    // Whatever stands in between may answer with a page of its own; its status is all there is.
  }
  let text = sentence(problem, response.status);
  const wait = Number(response.headers.get("retry-after"));
  if (wait > 0) text += ` Try again in ${wait} s.`;
  throw new Refusal(text, response.status);
}

function sentence(problem, status) {
  const said = [problem.detail, problem.title].find((text) => typeof text === "string" && text);
  const text = said ?? `The server answered with status ${status}.`;
  return text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}

/** Server-sent events of a response's body as `[name, data]`. */
async function* events(body) {
  let name = "message";
  let data = [];
  for await (const line of lines(body)) {
    if (line === "") {
      if (data.length) yield [name, data.join("\n")];
      name = "message";
      data = [];
      continue;
    }
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    if (field === "event") name = value;
    else if (field === "data") data.push(value);
  }
}

async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + value).split(/\r\n|\n|\r(?!$)/);
      rest = parts.pop();
      yield* parts;
    }
  } finally {
    reader.cancel().catch(() => undefined); // an aborted body cannot be cancelled once more
  }
}
