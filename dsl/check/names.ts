// Web standards only.
import {
  type DefinitionIssue,
  definitionIssue,
} from "../../src/openwop/protocol/mod.ts";
import type { Graph } from "../graph.ts";

/** Names that stand for something else: what the run was given, and what it gives. */
const reserved = new Set(["input", "output", "configurable"]);

/** Steps whose names mean something else, or that could not stand in a URL and an event of every host. */
export function checkNames({ nodes }: Graph): DefinitionIssue[] {
  return nodes.flatMap(({ id, typeId }) =>
    typeId === "core.end" ? [] : reserved.has(id)
      ? definitionIssue(
        "reserved-name",
        `the name "${id}" is taken by the workflow itself`,
        "",
        "choose another name",
        id,
      )
      : /^[A-Za-z0-9_-]{1,64}$/.test(id)
      ? []
      : definitionIssue(
        "bad-name",
        `${JSON.stringify(id.slice(0, 80))} is not a name for a step`,
        "",
        "use 1 to 64 of A-Z a-z 0-9 _ -",
        id.slice(0, 80),
      )
  );
}
