// Web standards only.
import type { DefinitionIssue } from "../../src/openwop/protocol/mod.ts";
import type { Graph } from "../graph.ts";

/** Names that stand for something else: what the run was given, and what it gives. */
const reserved = new Set(["input", "output", "configurable"]);

/** Steps whose names mean something else, or that could not stand in a URL and an event of every host. */
export function checkNames({ nodes }: Graph): DefinitionIssue[] {
  return nodes.flatMap(({ id, typeId }): DefinitionIssue[] => {
    if (typeId === "core.end") return [];
    if (reserved.has(id)) {
      return [{
        code: "reserved-name",
        message: `the name "${id}" is taken by the workflow itself`,
        pointer: "",
        source: id,
        hint: "choose another name",
      }];
    }
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) {
      return [{
        code: "bad-name",
        message: `${JSON.stringify(id.slice(0, 80))} is not a name for a step`,
        pointer: "",
        source: id.slice(0, 80),
        hint: "use 1 to 64 of A-Z a-z 0-9 _ -",
      }];
    }
    return [];
  });
}
