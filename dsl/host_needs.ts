// Web standards only.
import type {
  DefinitionIssue,
  JsonValue,
  WorkflowDefinition,
} from "../src/openwop/protocol/mod.ts";
import { graphAt, wanted, within } from "./given.ts";
import { embedded, hostsOf } from "./extension.ts";

/** Something that a host must have beside OpenWOP's core nodes. */
export interface HostNeed {
  /** A type id, or a capability of the discovery document. */
  readonly need: string;
  /** Which of the two. */
  readonly kind: "node-type" | "capability";
  /** JSON pointer to what needs it. */
  readonly pointer: string;
  /** The name that the author gave the place. */
  readonly source: string;
  /** Who has it. */
  readonly hosts: string;
}

/** What is known of a host. */
export interface HostFacts {
  /** Its discovery document, from `client.discovery.get()`. */
  readonly discovery?: Readonly<Record<string, JsonValue | undefined>>;
  /** Node types that it is known to have, beside those of OpenWOP's core; `*` at the end stands for all below. */
  readonly nodeTypes?: readonly string[];
}

/** Types that every host has. Source: OpenWOP v1, node vocabulary, core floor. */
const portable: ReadonlySet<string> = new Set([
  "core.noop",
  "core.identity",
  "core.delay",
  "core.fail",
  "core.start",
  "core.end",
  "core.approvalGate",
  "core.clarificationGate",
  "core.interrupt",
  "core.channelWrite",
  "core.subWorkflow",
  "core.setVariable",
  "core.getVariable",
]);

/** Types that only a capability allows. Source: OpenWOP v1, node vocabulary, gated core. */
const gated: Readonly<Record<string, string>> = {
  "core.conversationGate": "conversationPrimitive",
  "core.orchestrator.supervisor": "agents.orchestrator",
  "core.dispatch": "agents.dispatch",
  "core.openwop.governance.approvalGate": "authorization",
};

/**
 * Lists what a definition needs of a host beside OpenWOP's core nodes: node types, and capabilities of the discovery
 * document. Nothing is asked of any host.
 *
 * @param definition Any valid definition.
 *
 * @example
 * ```ts
 * import { defineNode, gt, hostNeeds, type, when, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const flow = workflow("order", { version: "1.0.0" })
 *   .input(type<{ total: number }>())
 *   .use(when(({ input }) => ({ large: gt(input.total, 1000) }), {
 *     large: (w) => w.approval("gate", () => ({ title: "So much?" })),
 *   }))
 *   .build();
 * assert.deepEqual(hostNeeds(flow.definition).map(({ need }) => need), ["core.flow.if"]);
 * ```
 */
export function hostNeeds(definition: WorkflowDefinition): readonly HostNeed[] {
  const needs: HostNeed[] = [];
  graphAt(
    "definition",
    definition,
    () =>
      definition.nodes.forEach((node, index) => {
        const { id: source, typeId, config, compensation } = node;
        const add = (
          at: string,
          need: string,
          hosts = `hosts that advertise "${need}", and ${embedded}`,
          kind: HostNeed["kind"] = "capability",
        ) =>
          needs.push({
            need,
            kind,
            pointer: `/nodes/${index}/${at}`,
            source,
            hosts,
          });
        const type = (at: string, typeId: unknown): void => {
          if (typeof typeId !== "string" || portable.has(typeId)) return;
          const need = Object.hasOwn(gated, typeId) ? gated[typeId] : undefined;
          if (need) add(at, need, `hosts that advertise "${need}"`);
          else {
            add(
              at,
              typeId,
              /^(tutti|core)\./.test(typeId)
                ? hostsOf(typeId)
                : "hosts that were given its code",
              "node-type",
            );
          }
        };
        type("typeId", typeId);
        type(
          "config/nodeTypeId",
          typeId === "tutti.forEach" && config["nodeTypeId"],
        );
        if (compensation) add("compensation", "compensation");
        type("compensation/nodeTypeId", compensation?.nodeTypeId);
        if (typeId === "core.subWorkflow" && config["inputMapping"]) {
          add("config/inputMapping", "subWorkflow.inputMapping");
        }
      }),
  );
  return needs;
}

/**
 * Finds what a definition needs and a host does not have, before it is deployed there.
 *
 * @param definition Any valid definition.
 * @param host What is known of the host. Node types that nothing is known of count as missing, but for those of
 * OpenWOP's core.
 * @returns One issue for each need that is not met; empty when the host can run it.
 *
 * @example
 * ```ts
 * import { checkHost, delay, repeat, eq, defineNode, type, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const look = defineNode({
 *   typeId: "local.example.look",
 *   input: type<{ at: string }>(),
 *   output: type<{ seen: boolean }>(),
 *   run: () => ({ seen: true }),
 * });
 * const flow = workflow("watch", { version: "1.0.0" }).input()
 *   .use(repeat("again", (w) => w.step("look", look, () => ({ at: "the sky" })), {
 *     until: ({ look }) => eq(look.seen, true),
 *     max: 3,
 *   }))
 *   .build();
 * const issues = checkHost(flow.definition, { nodeTypes: ["local.example.*"] });
 * assert.deepEqual(issues.map(({ source, code }) => [source, code]), [
 *   ["again", "node-type-missing"],
 * ]);
 * ```
 */
export function checkHost(
  definition: WorkflowDefinition,
  host: HostFacts,
): DefinitionIssue[] {
  const needs = hostNeeds(definition);
  return within("host", () => {
    const { discovery = {}, nodeTypes = [] } = wanted("host", "object", host);
    wanted("host.discovery", "object", discovery);
    wanted("host.nodeTypes", "list", nodeTypes);
    const ours = own(discovery["implementation"], "name") === "tutti";
    const hasType = (typeId: string): boolean =>
      ours && /^(tutti|core(?!\.ai))\./.test(typeId) ||
      nodeTypes.some((known) =>
        String(known).endsWith("*")
          ? typeId.startsWith(known.slice(0, -1))
          : known === typeId
      );
    return needs.flatMap(
      ({ need, kind, pointer, source, hosts }): DefinitionIssue[] => {
        const has = kind === "node-type"
          ? hasType(need)
          : ours || advertises(discovery, need);
        if (has) return [];
        return [{
          code: kind === "node-type"
            ? "node-type-missing"
            : "capability-missing",
          message: `the host does not have "${need}"`,
          pointer,
          source,
          hint: `take one that has it: ${hosts}`,
        }];
      },
    );
  });
}

/** Version 2 lists what is offered; version 1 says `supported`, at the root or under `capabilities`. */
function advertises(
  discovery: Readonly<Record<string, JsonValue | undefined>>,
  capability: string,
): boolean {
  return [discovery, discovery["capabilities"]].some((root) => {
    let value: JsonValue | undefined = root as JsonValue | undefined;
    for (const part of capability.split(".")) {
      if (own(value, "supported") === false) return false;
      value = own(value, part);
    }
    return value !== undefined && value !== false && value !== null &&
      own(value, "supported") !== false;
  });
}

function own(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return typeof value === "object" && value !== null &&
      Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, JsonValue>>)[key]
    : undefined;
}
