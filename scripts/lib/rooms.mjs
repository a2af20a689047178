// The rooms of the house and who may know whom (see CONTRIBUTING.md). A new room is added here.

/** For each room: the rooms that it may import, always through their mod.ts. */
export const rooms = {
  "src/http": [],
  "src/openwop/protocol": ["src/http"],
  "src/openwop": ["src/http", "src/openwop/protocol"],
  "src/openspawn/protocol": ["src/http"],
  "src/openspawn": ["src/http", "src/openspawn/protocol"],
  "src/roundtable": ["src/http"],
  "src/flux0": ["src/http"],
  "src/engine": ["src/openwop/protocol"],
  "src/host": ["src/engine", "src/http", "src/openwop/protocol"],
  "src/testing": ["src/http", "src/host", "src/openwop/protocol"],
  "dsl": ["src/openwop", "src/openwop/protocol"],
};

/** The front door: it may import every room, and nothing imports it. */
export const frontDoor = "mod.ts";

/**
 * Files that may use one runtime, because the user hands them in; no other file imports them. In dsl/ there are none: a
 * declaration does not care where it runs, and dsl/node.ts is about the nodes of a workflow.
 */
export const runtimeFile = /^src\/(.*\/)?(node|deno|bun)\.ts$/;

/** The room that a product file is in; undefined outside of every room. */
export function roomOf(path) {
  return Object.keys(rooms)
    .filter((room) => path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}
