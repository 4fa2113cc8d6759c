"use strict";
// Everything a router says is text that somebody else wrote: it is only ever set as textContent.

const EVERY = 2000;
const FAULTS = [
  ["every request takes longer", { latency: 0.5 }],
  ["every row of an answer takes longer", { "row-latency": 0.01 }],
  ["the next write is done, its answer comes too late", { "lost-answers": 1, silence: 70 }],
  ["the next request is reset", { events: [{ do: "reset" }] }],
  ["the next write is done, then its connection is reset", { events: [{ do: "reset", writes: true, applied: true }] }],
  ["the next request is refused", { events: [{ do: "status", status: 500, detail: "failure: simulated" }] }],
  ["the next request hangs until it is cut", { events: [{ do: "hang" }] }],
  ["the next answer is garbage", { events: [{ do: "garbage" }] }],
  ["the next answer is another endpoint's", { events: [{ do: "wrong-body" }] }],
  ["the next write reboots the router", { events: [{ do: "reboot", writes: true }] }],
  ["connections are refused for a while", { events: [{ do: "refuse", seconds: 30 }] }],
  ["another certificate from the next request on", { events: [{ do: "certificate" }] }],
  ["another administrator edits before the next write", {
    events: [{ do: "edit", writes: true, menu: "/ip/address", command: "add",
      fields: { address: "192.0.2.1/24", interface: "ether1" } }],
  }],
  ["secrets are masked for everybody", { "masked-secrets": true }],
  ["control characters come as they are", { "raw-control": true }],
];
const at = (id) => document.getElementById(id);
const state = { find: "", from: 0, row: 0, turn: 0, seen: "", timer: 0 };

/** The router and the menu that the address of the page names. */
function place() {
  const words = location.hash.replace(/^#\/?/, "").split("/");
  const read = (word) => { try { return decodeURIComponent(word); } catch { return word; } };
  return { name: read(words[0]), menu: words.length > 1 ? "/" + words.slice(1).map(read).join("/") : "" };
}

function link(name, menu = "") {
  return "#/" + encodeURIComponent(name) + menu.split("/").map(encodeURIComponent).join("/");
}

function put(node, text) {
  const given = text === undefined || text === null ? "" : String(text);
  if (node.textContent !== given) node.textContent = given;
}

function mark(node, name, value) {
  if (node.getAttribute(name) !== value) value === null ? node.removeAttribute(name) : node.setAttribute(name, value);
}

function set(node, name, on) {
  if (node[name] !== on) node[name] = on;
}

/** Make the children of a node as many as the items, keeping those that are there: nothing flickers or loses focus. */
function sync(parent, items, make, fill) {
  while (parent.children.length > items.length) parent.lastElementChild.remove();
  items.forEach((item, number) => {
    if (number === parent.children.length) parent.append(make());
    fill(parent.children[number], item, number);
  });
}

const element = (tag) => () => document.createElement(tag);

function cells(row, texts) {
  sync(row, texts, element("td"), put);
}

function pager(node, from, shown, total) {
  const [before, after] = node.querySelectorAll("button");
  set(node, "hidden", total <= shown && from === 0);
  set(before, "disabled", from === 0);
  set(after, "disabled", from + shown >= total);
  put(node.querySelector("span"), total ? `${from + 1} to ${from + shown} of ${total}` : "none");
}

function anchored(cell, text, where) {
  if (!cell.firstElementChild) cell.append(document.createElement("a"));
  put(cell.firstElementChild, text);
  mark(cell.firstElementChild, "href", where);
}

function showMany(found) {
  put(at("count"), `${found.found} of ${found.of}`);
  sync(at("routers"), found.routers, element("tr"), (row, item) => {
    sync(row, ["", item.address, item.version, item.model, item.requests, item.away ? "away" : "up"], element("td"),
      (cell, text, number) => {
        if (number === 0) return anchored(cell, item.name, link(item.name));
        put(cell, text);
        mark(cell, "class", number === 4 ? "number" : number === 5 ? text : null);
        mark(cell, "data-label", ["", "Address", "Version", "Model", "Requests", "State"][number]);
        return undefined;
      });
  });
  pager(at("pages"), found.from, found.routers.length, found.found);
}

function showOne(found) {
  const card = found.router;
  put(at("name"), card.name);
  const facts = {
    Identity: found.identity, Address: card.address, Certificate: card.fingerprint, Model: card.model,
    "Serial number": card.serial, RouterOS: card.version, "Its clock": found.clock, Uptime: found.uptime,
    Requests: card.requests, Connections: card.connections, State: card.away ? "away: refuses connections" : "up",
  };
  describe(at("facts"), facts);
  const [stop, start] = at("buttons").querySelectorAll("[data-do]");
  set(stop, "disabled", card.away);
  set(start, "disabled", !card.away);
  sync(at("menus"), found.menus, element("li"), (item, menu) => {
    if (!item.firstElementChild) item.append(document.createElement("a"));
    const anchor = item.firstElementChild;
    put(anchor, `${menu.path} (${menu.rows})`);
    mark(anchor, "href", link(card.name, menu.path));
    mark(anchor, "class", menu.rows ? null : "empty");
    mark(anchor, "aria-current", found.menu && found.menu.path === menu.path ? "true" : null);
  });
  showMenu(found.menu);
  sync(at("requests"), found.requests, element("tr"), (row, item) => {
    cells(row, [new Date(item.time * 1000).toLocaleTimeString(), item.method, item.path, item.status, item.user]);
    mark(row.children[3], "class", item.status >= 400 ? "number failed" : "number");
  });
  const faults = Object.entries(found.faults).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((one) => `${name} ${JSON.stringify(one)}`) : [`${name} ${JSON.stringify(value)}`]);
  sync(at("faults"), faults.length ? faults : ["none"], element("li"), put);
}

function describe(list, facts) {
  const names = Object.keys(facts);
  if (list.querySelector("dd") === null) {
    list.replaceChildren(...names.flatMap(() => [document.createElement("dt"), document.createElement("dd")]));
  }
  names.forEach((name, number) => {
    put(list.children[2 * number], name);
    put(list.children[2 * number + 1], facts[name]);
  });
}

function showMenu(menu) {
  set(at("menu"), "hidden", !menu);
  if (!menu) return;
  put(at("menu-title"), menu.known ? menu.path : `This router has no menu ${menu.path}`);
  const rows = menu.rows || [];
  const columns = menu.listed ? ["#", "Flags", ...menu.columns] : ["Property", "Value"];
  const lines = menu.listed
    ? rows.map((row, number) => [menu.from + number, row.flags, ...menu.columns.map((name) => row.fields[name])])
    : rows.flatMap((row) => menu.columns.map((name) => [name, row.fields[name]]));
  put(at("legend"), menu.listed && rows.length ? menu.legend : "");
  sync(at("rows").tHead.rows[0], menu.known ? columns : [], element("th"), put);
  sync(at("rows").tBodies[0], lines, element("tr"), cells);
  pager(at("row-pages"), menu.from || 0, rows.length, menu.total || 0);
}

async function asked(method, path, body) {
  const told = { method, headers: body === undefined ? {} : { "content-type": "application/json" }, body };
  const reply = await fetch(path, told);
  if (reply.status === 204) return null;
  const found = await reply.json();
  if (reply.status === 404) throw new Error("There is no such router.");
  if (!reply.ok) throw new Error((found && found.error) || `The simulator answered ${reply.status}.`);
  return found;
}

/** Ask for what the page shows; an answer that has become stale meanwhile is dropped, an equal one changes nothing. */
async function refresh() {
  clearTimeout(state.timer);
  const turn = ++state.turn;
  const { name, menu } = place();
  const query = new URLSearchParams(name ? { menu, from: state.row } : { find: state.find, from: state.from });
  try {
    const found = await asked("GET", `${name ? `/devices/${encodeURIComponent(name)}` : ""}/look?${query}`);
    if (turn !== state.turn) return;
    const seen = JSON.stringify([name, found]);
    if (seen !== state.seen) (name ? showOne : showMany)(found);
    state.seen = seen;
    unveil(name ? "one" : "many");
    if (at("told").dataset.lost) tell("");
  } catch (error) {
    if (turn !== state.turn) return;
    const lost = error instanceof TypeError;
    if (!lost) unveil("");
    tell(lost ? "The simulator does not answer; what is shown is old." : error.message, lost);
  }
  state.timer = setTimeout(() => (at("live").checked && !document.hidden ? refresh() : undefined), EVERY);
}

function unveil(id) {
  for (const main of document.querySelectorAll("main")) set(main, "hidden", main.id !== id);
}

function tell(text, lost = false) {
  put(at("told"), text);
  lost ? (at("told").dataset.lost = "1") : delete at("told").dataset.lost;
}

async function change(method, what, body) {
  try {
    await asked(method, `/devices/${encodeURIComponent(place().name)}/${what}`, body);
    tell("");
  } catch (error) {
    tell(error.message);
  }
  await refresh();
}

function moved() {
  const { name, menu } = place();
  document.title = name ? `${name} – simulated routers` : "Simulated routers";
  put(at("here"), name);
  at("path").value = menu;
  state.row = 0;
  tell("");
  void refresh();
}

function turns(id, key, size) {
  at(id).addEventListener("click", (event) => {
    const step = Number(event.target.dataset.step || 0);
    state[key] = Math.max(0, state[key] + step * size);
    if (step) void refresh();
  });
}

function submits(id, then) {
  at(id).addEventListener("submit", (event) => {
    event.preventDefault();
    then();
  });
}

turns("pages", "from", 50);
turns("row-pages", "row", 100);
submits("search", () => undefined);
submits("clock", () => void change("POST", "clock", JSON.stringify({ advance: Number(at("seconds").value) })));
submits("open", () => { location.hash = link(place().name, at("path").value.trim()); });
submits("fault", () => void change("PATCH", "faults", at("document").value));
at("heal").addEventListener("click", () => void change("PUT", "faults", "{}"));
at("find").addEventListener("input", () => { state.find = at("find").value; state.from = 0; void refresh(); });
at("live").addEventListener("change", () => void refresh());
at("buttons").addEventListener("click", (event) => {
  if (event.target.dataset.do) void change("POST", event.target.dataset.do, "{}");
});
FAULTS.forEach(([label]) => at("kind").append(new Option(label)));
at("kind").addEventListener("change", () => { at("document").value = JSON.stringify(FAULTS[at("kind").selectedIndex][1]); });
at("document").value = JSON.stringify(FAULTS[0][1]);
addEventListener("hashchange", moved);
document.addEventListener("visibilitychange", () => (document.hidden ? undefined : void refresh()));
moved();
