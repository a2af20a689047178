// Web standards only.
import {
  type DefinitionIssue,
  definitionIssue,
  isJsonObject,
  type JsonValue,
  patternRisk,
  type WorkflowDefinition,
  type WorkflowNode,
} from "../../src/openwop/protocol/mod.ts";
import { isCount } from "../count.ts";
import type { DefinitionCheck } from "../graph.ts";
import { checkReach } from "./reach.ts";

/** Something that may be wrong with a node: whether it is, a code, where in its config, what, and what to do. */
type Fault = readonly [
  is: unknown,
  code: string,
  at: string,
  message: string,
  hint: string,
];

/** Says what may be wrong with one node. */
type Rule = (
  node: WorkflowNode,
  definition: WorkflowDefinition,
) => readonly Fault[];

/** What the configs of the nodes of some types say that can never be. */
function configs(
  definition: WorkflowDefinition,
  types: string,
  rule: Rule,
): DefinitionIssue[] {
  return definition.nodes.flatMap((own, index) => {
    const { nodeTypeId, nodeConfig = {} } = own.config;
    const isList = own.typeId === "tutti.forEach";
    const node = isList
      ? { ...own, typeId: nodeTypeId, config: nodeConfig } as WorkflowNode
      : own;
    if (!types.split(" ").includes(node.typeId)) return [];
    const config = `/nodes/${index}/config${isList ? "/nodeConfig" : ""}`;
    return rule(node, definition).flatMap(([is, code, at, message, hint]) =>
      is
        ? definitionIssue(
          code,
          message,
          config + (at && `/${at}`),
          hint,
          node.id,
        )
        : []
    );
  });
}

const list = (value: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(value) ? value : [];

/** As it is written, also where there is nothing. */
const written = (value: JsonValue | undefined): string =>
  JSON.stringify(value ?? null);

const unanswerable = "interrupt-unanswerable";
const impossible = "approval-impossible";

/** Who may answer, by where it is said; how many a group or a role has, nobody knows here. */
const whoKeys = ["approversList", "approverGroupRefs", "approverRoleRefs"];

const approval: Rule = ({ config }) => {
  const { title = "?", requiredApprovals = 1, timeoutMs } = config;
  const needed = requiredApprovals as number;
  const later = list(config["escalation"]).filter(isJsonObject);
  // Whoever may answer later counts as well.
  const [people = [], ...others] = whoKeys.map((key) =>
    [config, ...later].flatMap((round) => list(round[key]))
  );
  const named = new Set(people).size;
  const isKnown = Array.isArray(config["approversList"]) &&
    !others.flat().length;
  return [
    [
      typeof title !== "string" || !title.trim(),
      impossible,
      "title",
      "its title has no words",
      "ask something",
    ],
    [
      !isCount(needed),
      impossible,
      "requiredApprovals",
      `a quorum of ${written(needed)} cannot be met`,
      "ask for 1 or more",
    ],
    [
      needed > 1 && list(config["actions"]).includes("edit-accept"),
      impossible,
      "actions",
      "only one can accept an edited version",
      "lower the quorum, or let nobody edit",
    ],
    [
      later.some((round) => !whoKeys.some((key) => list(round[key]).length)),
      impossible,
      "escalation",
      "an escalation names nobody",
      "say who may answer then",
    ],
    [
      timeoutMs && later.some(({ afterMs }) => afterMs! >= timeoutMs),
      impossible,
      "escalation",
      "an escalation comes after the timeout",
      "let it come before",
    ],
    [
      isKnown && needed > named,
      named ? impossible : unanswerable,
      named ? "requiredApprovals" : "approversList",
      `${needed} must accept and only ${named} may answer`,
      "name more approvers or lower the quorum",
    ],
  ];
};

const clarification: Rule = ({ config }) => [[
  !list(config["questions"]).length,
  unanswerable,
  "questions",
  "it asks nothing, so nobody can answer",
  "add a question",
]];

const kinds = ["approval", "clarification", "external-event", "custom"];

const interrupt: Rule = ({ config: { kind } }) => [[
  !kinds.includes(String(kind)),
  unanswerable,
  "kind",
  `${written(kind)} is not a kind of interrupt`,
  `use one of: ${kinds.join(", ")}`,
]];

const repeat: Rule = ({ id, config }, { nodes, settings }) => {
  const known = new Set(nodes.map((node) => node.id));
  const body = list(config["body"]).map(String);
  return [
    [
      config["maxIterations"] === undefined &&
      settings["maxLoopbackIterations"] === undefined,
      "loop-unbounded",
      "",
      "nothing says how often it may go around",
      "set maxIterations",
    ],
    [
      !body.length || body.some((name) => !known.has(name) || name === id),
      "loop-body",
      "body",
      "its body must name other nodes of the workflow",
      "list the ids of the nodes that are repeated",
    ],
    ...nodes.map((other): Fault => {
      const theirs = new Set(
        other.typeId === "tutti.repeat" && other.id > id
          ? list(other.config["body"]).map(String)
          : [],
      );
      const shared = body.filter((name) => theirs.has(name)).length;
      return [
        shared && shared < Math.min(body.length, theirs.size),
        "loop-body",
        "body",
        `its body overlaps with that of "${other.id}"`,
        "let one hold the other, or keep them apart",
      ];
    }),
  ];
};

const setVariable: Rule = ({ config: { name } }, { variables }) => [[
  !variables.some((variable) => variable.name === name),
  "variable-unknown",
  "name",
  `there is no variable ${written(name)}`,
  "declare it",
]];

const channelWrite: Rule = ({ config }, { channels = {} }) => {
  const name = String(config["channelName"]);
  const reducer = config["reducer"];
  const declared = Object.hasOwn(channels, name) ? channels[name] : undefined;
  return [
    [
      !declared,
      "channel-unknown",
      "channelName",
      `there is no channel ${written(name)}`,
      "declare it",
    ],
    [
      declared && declared.reducer !== reducer,
      "channel-reducer",
      "reducer",
      `the channel adds up by "${declared?.reducer}", not by ${
        written(reducer)
      }`,
      "write the same reducer",
    ],
  ];
};

const predicate: Rule = ({ config }) => {
  const visit = (value: JsonValue | undefined, at: string): Fault[] => {
    if (Array.isArray(value)) {
      return [...value].flatMap((each, index) => visit(each, `${at}/${index}`));
    }
    if (!isJsonObject(value)) return [];
    const risk = value["op"] === "regex" && patternRisk(value["value"]);
    return [
      [
        risk,
        "pattern-refused",
        `${at}/value`,
        `its pattern is refused: ${risk}`,
        "use a simpler pattern, or contains",
      ],
      ...["all", "any", "not"].flatMap((key) =>
        visit(value[key], `${at}/${key}`)
      ),
    ];
  };
  return ["predicate", "until"].flatMap((key) => visit(config[key], key));
};

/** Whether enough people may answer. */
export const checkApprovals: DefinitionCheck = (definition) =>
  configs(definition, "core.approvalGate", approval);

/** Whether something is asked. */
export const checkClarifications: DefinitionCheck = (definition) =>
  configs(definition, "core.clarificationGate", clarification);

/** Whether it is an interrupt of the protocol. */
export const checkInterrupts: DefinitionCheck = (definition) =>
  configs(definition, "core.interrupt", interrupt);

/** Whether what is set was declared. */
export const checkVariables: DefinitionCheck = (definition) =>
  configs(definition, "core.setVariable", setVariable);

/** Whether what is written to was declared, with the same reducer. */
export const checkChannels: DefinitionCheck = (definition) =>
  configs(definition, "core.channelWrite", channelWrite);

/** Whether a repetition ends, and has a body of its own. */
export const checkLoops: DefinitionCheck = (definition) =>
  configs(definition, "tutti.repeat", repeat);

/** Whether the patterns of conditions are harmless. */
export const checkPredicates: DefinitionCheck = (definition) =>
  configs(definition, "core.flow.if tutti.condition tutti.repeat", predicate);

/** Whether times to wait are such. */
const checkDelays: DefinitionCheck = ({ nodes }) =>
  nodes.flatMap(({ id, typeId, inputs, config }, index) => {
    if (typeId !== "core.delay") return [];
    const { delayMs } = inputs;
    const [at, ms] = delayMs
      ? ["inputs/delayMs", delayMs.type === "static" ? delayMs.value : 0]
      : ["config/ms", config["ms"] ?? 0];
    return typeof ms === "number" && ms >= 0 ? [] : definitionIssue(
      "delay-impossible",
      `a delay of ${written(ms)} cannot be`,
      `/nodes/${index}/${at}`,
      "give milliseconds from 0",
      id,
    );
  });

/** All of them, for kinds of steps that are named by their type. */
export const nodeChecks: readonly DefinitionCheck[] = [
  checkApprovals,
  checkClarifications,
  checkInterrupts,
  checkVariables,
  checkChannels,
  checkLoops,
  checkPredicates,
  checkDelays,
  checkReach,
];
