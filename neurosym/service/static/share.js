// What a link holds: the input, deflated, after the "#". It never reaches a server by itself.

const LONGEST = 1_000_000; // characters of text that are unpacked, whatever a link claims to hold

export async function pack(state) {
  const stream = new Blob([JSON.stringify(state)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The state that `pack` packed. Throws an Error with one sentence for anything else. */
export async function unpack(text) {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return checked(JSON.parse(await limited(stream)));
  } catch {
    throw new Error("The link is damaged: copy all of it, or ask for a new one.");
  }
}

async function limited(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
    if (text.length > LONGEST) {
      await reader.cancel();
      throw new Error("too long");
    }
  }
}

function checked({ question, premises, solution, world, certify, open }) {
  const texts = [question, solution, world, ...premises];
  if (!texts.every((text) => typeof text === "string")) throw new Error("not a text");
  return { question, premises, solution, world, certify: certify === true, open: Number.isInteger(open) ? open : null };
}
