// Web standards only.
import {
  type DefinitionIssue,
  type JsonObject,
  type JsonValue,
  patternRisk,
  type WorkflowDefinition,
  type WorkflowNode,
} from "../../src/openwop/protocol/mod.ts";

/** Finds what is wrong with one node, by its type: says it with a pointer into the node. */
type Rule = (
  node: WorkflowNode,
  definition: WorkflowDefinition,
  say: (code: string, at: string, message: string, hint: string) => void,
) => void;

const list = (value: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(value) ? value : [];

const approval: Rule = ({ config }, _, say) => {
  const needed = config["requiredApprovals"];
  const who = config["approversList"];
  const others = ["approverGroupRefs", "approverRoleRefs", "escalation"]
    .some((key) => list(config[key]).length > 0);
  if (!Array.isArray(who) || others) return;
  const people = new Set(who).size;
  if (people === 0) {
    say(
      "interrupt-unanswerable",
      "/config/approversList",
      "nobody may answer it: its list of approvers is empty",
      "name somebody, or leave the list out",
    );
  } else if (typeof needed === "number" && needed > people) {
    say(
      "approval-impossible",
      "/config/requiredApprovals",
      `${needed} must accept and only ${people} may answer`,
      "name more approvers or lower the quorum",
    );
  }
};

const clarification: Rule = ({ config }, _, say) => {
  if (list(config["questions"]).length > 0) return;
  say(
    "interrupt-unanswerable",
    "/config/questions",
    "it asks nothing, so nobody can answer",
    "add a question",
  );
};

const kinds = ["approval", "clarification", "external-event", "custom"];

const interrupt: Rule = ({ config }, _, say) => {
  if (kinds.includes(String(config["kind"]))) return;
  say(
    "interrupt-unanswerable",
    "/config/kind",
    `${JSON.stringify(config["kind"] ?? null)} is not a kind of interrupt`,
    `use one of: ${kinds.join(", ")}`,
  );
};

const repeat: Rule = ({ id, config }, definition, say) => {
  if (
    config["maxIterations"] === undefined &&
    definition.settings["maxLoopbackIterations"] === undefined
  ) {
    say(
      "loop-unbounded",
      "/config",
      "nothing says how often it may go around",
      "set maxIterations",
    );
  }
  const known = new Set(definition.nodes.map((node) => node.id));
  const body = list(config["body"]).map(String);
  if (
    body.length === 0 || body.some((name) => !known.has(name) || name === id)
  ) {
    say(
      "loop-body",
      "/config/body",
      "its body must name other nodes of the workflow",
      "list the ids of the nodes that are repeated",
    );
  }
  for (const other of definition.nodes) {
    if (other.typeId !== "tutti.repeat" || other.id <= id) continue;
    const theirs = new Set(list(other.config["body"]).map(String));
    const shared = body.filter((name) => theirs.has(name)).length;
    if (
      shared > 0 && shared < Math.min(body.length, theirs.size)
    ) {
      say(
        "loop-body",
        "/config/body",
        `its body overlaps with that of "${other.id}"`,
        "let one hold the other, or keep them apart",
      );
    }
  }
};

const setVariable: Rule = ({ config }, { variables }, say) => {
  const name = config["name"];
  if (variables.some((variable) => variable.name === name)) return;
  say(
    "variable-unknown",
    "/config/name",
    `there is no variable ${JSON.stringify(name ?? null)}`,
    "declare it",
  );
};

const channelWrite: Rule = ({ config }, { channels = {} }, say) => {
  const name = String(config["channelName"]);
  const declared = Object.hasOwn(channels, name) ? channels[name] : undefined;
  if (!declared) {
    say(
      "channel-unknown",
      "/config/channelName",
      `there is no channel ${JSON.stringify(name)}`,
      "declare it",
    );
  } else if (declared.reducer !== config["reducer"]) {
    say(
      "channel-reducer",
      "/config/reducer",
      `the channel adds up by "${declared.reducer}", not by ${
        JSON.stringify(config["reducer"] ?? null)
      }`,
      "write the same reducer",
    );
  }
};

const predicate: Rule = ({ config }, _, say) => {
  const visit = (value: JsonValue | undefined, at: string): void => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) {
      value.forEach((each, index) => visit(each, `${at}/${index}`));
      return;
    }
    const tree = value as JsonObject;
    const pattern = tree["value"];
    if (tree["op"] === "regex") {
      const risk = typeof pattern === "string"
        ? patternRisk(pattern)
        : "it is not a string";
      if (risk) {
        say(
          "pattern-refused",
          `${at}/value`,
          `its pattern is refused: ${risk}`,
          "use a simpler pattern, or contains",
        );
      }
    }
    for (const key of ["all", "any", "not"]) visit(tree[key], `${at}/${key}`);
  };
  visit(config["predicate"], "/config/predicate");
  visit(config["until"], "/config/until");
};

const rules: Readonly<Record<string, readonly Rule[]>> = {
  "core.approvalGate": [approval],
  "core.clarificationGate": [clarification],
  "core.interrupt": [interrupt],
  "core.setVariable": [setVariable],
  "core.channelWrite": [channelWrite],
  "core.flow.if": [predicate],
  "tutti.condition": [predicate],
  "tutti.repeat": [repeat, predicate],
};

/** What the config of a node says about what can never be: by its type. */
export function checkConfigs(
  definition: WorkflowDefinition,
): DefinitionIssue[] {
  return definition.nodes.flatMap((node, index): DefinitionIssue[] => {
    const issues: DefinitionIssue[] = [];
    const own = Object.hasOwn(rules, node.typeId) ? rules[node.typeId]! : [];
    for (const rule of own) {
      rule(node, definition, (code, at, message, hint) =>
        issues.push({
          code,
          message,
          pointer: `/nodes/${index}${at}`,
          source: node.id,
          hint,
        }));
    }
    return issues;
  });
}
