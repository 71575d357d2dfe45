// Elements from plain values. Whatever comes from a person or a server enters the page as text.

/** An element; `properties` are set as properties, `data` and `aria-…` as attributes. */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "data") Object.assign(node.dataset, value);
    else if (name === "class") node.className = value;
    else if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (name in node && !name.startsWith("aria-")) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export const find = (id) => document.getElementById(id);

/** Something to open that is closed at first. */
export function folded(title, ...children) {
  return element("details", {}, element("summary", {}, title), ...children);
}

/** A table whose cells are text or elements; the first cell of each row is its heading. */
export function table(caption, head, rows) {
  const row = (cells) => cells.map((cell, i) => element(i ? "td" : "th", i ? {} : { scope: "row" }, cell));
  return element("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": caption },
    element("table", {},
      element("caption", {}, caption),
      head.length ? element("thead", {}, element("tr", {}, head.map((cell) => element("th", { scope: "col" }, cell)))) : null,
      element("tbody", {}, rows.map((cells) => element("tr", {}, row(cells))))));
}

/** Copy text; where the clipboard is closed to the page, by way of a selection. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = element("textarea", { value: text, readOnly: true, class: "away" });
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

/** Save text as a file on the reader's side. */
export function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
