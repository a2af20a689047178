// Web standards only.
import { schemaProblem } from "../../engine/mod.ts";
import type { Changing } from "../../engine/mod.ts";
import {
  isJsonObject,
  isTerminalStatus,
  pointerPart,
  projectId,
  type RunOwner,
} from "../../openwop/protocol/mod.ts";
import type {
  CreateRunResponse,
  JsonObject,
  JsonValue,
  WorkflowDefinition,
} from "../../openwop/protocol/mod.ts";
import { conditional } from "../etag.ts";
import { mintId, readRunId } from "../ids.ts";
import { inputProblem } from "../inputs.ts";
import { checkForcedEngine, wantsToBeAlone } from "../run_headers.ts";
import type { Call, HostParts } from "../parts.ts";
import type { Principal } from "../principal.ts";
import { snapshotEtag, snapshotOf } from "../projection.ts";
import {
  closedObject,
  OPTION_SECTIONS,
  optionalConfigurable,
  optionalObject,
  optionalTags,
  optionalText,
} from "../read_body.ts";
import { invalid, notFound, Refusal } from "../refusal.ts";
import type { Reply } from "../refusal.ts";
import type { RunView } from "../scheduler.ts";
import type { RunRecord } from "../store.ts";

/** `POST /runs`. Source: v2 §8.1. */
export async function createRun(host: HostParts, call: Call): Promise<Reply> {
  const body = closedObject(call.body, MEMBERS);
  const { workflowId } = body;
  if (typeof workflowId !== "string" || workflowId === "") {
    throw invalid(
      "Cannot create the run: workflowId must be a text",
      "/workflowId",
    );
  }
  const options = {
    inputs: optionalObject(body, "inputs"),
    tags: optionalTags(body),
    metadata: optionalObject(body, "metadata"),
    configurable: optionalObject(body, "configurable"),
    scopeId: readScope(body),
  };
  const isAlone = wantsToBeAlone(call, options.scopeId);
  checkForcedEngine(call);
  checkPlace(body, call);
  const { tenant, subject } = call.principal;
  const workflow = await host.shelf.find(workflowId, tenant);
  if (workflow === undefined) {
    throw notFound("Cannot create the run: this host has no such workflow");
  }
  const [lack] = workflow.lacks ?? [];
  if (lack) throw unoffered("nodes", lack.message);
  checkConfigurable(workflow.definition, body);
  checkInputs(workflow.definition, options.inputs ?? {});
  const owner: RunOwner = { tenant, subject };
  const record = newRecord(host, call, owner, workflow.definition, options);
  const { runId } = record;
  const { state: { status } } = await host.quota.create(
    runId,
    () =>
      host.scheduler.create(record, {
        mayExist: call.claimed?.isAgain,
        isAlone,
      }),
  );
  const { eventsUrl, statusUrl } = linksOf(runId);
  const response: CreateRunResponse = { runId, status, eventsUrl, statusUrl };
  return { status: 201, body: response };
}

/** With the groups and roles alone that are named there: all of them could be more than a token can hold. */
function concerning(principal: Principal, there: unknown): Principal {
  const { groups, roles } = principal;
  if (!groups && !roles) return principal;
  const text = JSON.stringify(there);
  const isNamed = (name: string): boolean =>
    text.includes(JSON.stringify(name));
  return {
    ...principal,
    ...(groups && { groups: groups.filter(isNamed) }),
    ...(roles && { roles: roles.filter(isNamed) }),
  };
}

/** `GET /runs/{runId}`. Source: v2 §8.3. */
export async function getRun(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  const { record, state } = await findRun(host, call, segment);
  const tokens = new Map<string, string>();
  for (const [nodeId, { interrupt }] of state.nodes) {
    if (interrupt === undefined || isTerminalStatus(state.status)) continue;
    const { runId } = record;
    const whose = concerning(call.principal, [record.definition, interrupt]);
    const token = await host.tokens.issue(runId, nodeId, interrupt, whose);
    if (token !== undefined) tokens.set(nodeId, token);
  }
  return conditional(
    call.request,
    snapshotEtag(state, tokens),
    () => snapshotOf(record, state, tokens),
  );
}

/**
 * The run that a path names.
 *
 * @throws {Refusal} when its id is malformed, of another tenant or unknown.
 */
export async function findRun(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<RunView> {
  const runId = readRunId(segment, call.principal.tenant);
  const view = await host.scheduler.view(runId);
  if (view === undefined) throw unknownRun();
  // One moment of it, whatever happens while the caller looks.
  return { record: view.record, state: view.state };
}

/** `404`. */
export function unknownRun(): Refusal {
  return notFound("Cannot find the run: this host has none of that id");
}

/** What a request may say about a new run; `undefined` where it says nothing. */
export interface RunOptions {
  /** By name. */
  readonly inputs: JsonObject | undefined;
  /** For callers. */
  readonly tags: readonly string[] | undefined;
  /** For callers. */
  readonly metadata: JsonObject | undefined;
  /** For nodes. */
  readonly configurable: JsonObject | undefined;
  /** What of the caller's own the run is about; a fork is about nothing. */
  readonly scopeId?: string | undefined;
}

/** The record of a run that is about to be created. */
export function newRecord(
  host: HostParts,
  { claimed }: Call,
  owner: RunOwner,
  definition: WorkflowDefinition,
  { inputs, tags, metadata, configurable, scopeId }: RunOptions,
): RunRecord {
  const record: Changing<RunRecord> = {
    runId: mintId(owner.tenant, claimed ? () => claimed.seed : host.ids),
    owner,
    definition,
    createdAt: host.clock.now(),
  };
  if (host.limits.run) record.limits = host.limits.run;
  if (inputs) record.inputs = inputs;
  if (tags) record.tags = tags;
  if (metadata) record.metadata = metadata;
  if (configurable) record.configurable = configurable;
  if (scopeId !== undefined) record.scopeId = scopeId;
  return record;
}

/** Links to a run, on whatever origin the request used (v2 §6.3). */
export function linksOf(
  runId: string,
): { readonly eventsUrl: string; readonly statusUrl: string } {
  const statusUrl = `/runs/${projectId(runId)}`;
  return { eventsUrl: `${statusUrl}/events`, statusUrl };
}

/** Members of a request that other hosts have something for. Source: v2 §8.1. */
const UNOFFERED = ["callbackUrl", "mode", "evalSuiteRef", "agentId"];

/** Of a request for a run. */
const MEMBERS: readonly string[] = [
  "workflowId",
  "inputs",
  "tags",
  "metadata",
  "configurable",
  "scopeId",
  "tenantId",
  "residency",
  // These are known, and refused with a word about it.
  ...UNOFFERED,
];

const MAX_SCOPE = 256;

function readScope(body: JsonObject): string | undefined {
  const scopeId = optionalText(body, "scopeId", MAX_SCOPE);
  if (scopeId !== "") return scopeId;
  throw invalid("Cannot create the run: scopeId must not be empty", "/scopeId");
}

/** Refuses a run that is wanted elsewhere, or for something else, rather than making another one of it. */
function checkPlace(body: JsonObject, { principal }: Call): void {
  const { tenantId, residency } = body;
  if (tenantId !== undefined && tenantId !== principal.tenant) {
    throw new Refusal(
      403,
      "id_tenant_mismatch",
      "Cannot create the run: tenantId names another tenant",
    );
  }
  if (residency !== undefined) {
    throw new Refusal(
      422,
      "residency_unavailable",
      "Cannot create the run: this host has no regions",
    );
  }
  const name = UNOFFERED.find((name) => Object.hasOwn(body, name));
  if (name) throw unoffered(name, `this host has nothing for ${name}`);
}

/** `422 capability_required`. */
function unoffered(requiredCapability: string, problem: string): Refusal {
  return new Refusal(
    422,
    "capability_required",
    `Cannot create the run: ${problem}`,
    { requiredCapability },
  );
}

/**
 * Options that the workflow describes itself are its own; the others are those of v2 §8.2.
 *
 * Source: v1 §6.2, "configurableSchema".
 */
function checkConfigurable(
  { configurableSchema }: WorkflowDefinition,
  body: JsonObject,
): void {
  const given = body["configurable"];
  if (!configurableSchema || !isJsonObject(given)) {
    optionalConfigurable(body);
    return;
  }
  const { properties } = configurableSchema;
  const described = isJsonObject(properties) ? properties : {};
  const own: [string, JsonValue][] = [];
  const others: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(given)) {
    const isKnown = OPTION_SECTIONS.includes(key);
    const mine = Object.hasOwn(described, key) || !isKnown;
    (mine ? own : others).push([key, value]);
  }
  const problem = schemaProblem(configurableSchema, Object.fromEntries(own));
  if (problem) {
    throw invalid(
      `Cannot create the run: its options do not fit the workflow: ${problem.message}`,
      `/configurable${problem.pointer}`,
    );
  }
  if (others.length > 0) {
    optionalConfigurable(
      { configurable: Object.fromEntries(others) },
      "",
      true,
    );
  }
}

/** A run that its workflow cannot be given is refused before it exists. */
function checkInputs(definition: WorkflowDefinition, inputs: JsonObject): void {
  const found = inputProblem(definition, inputs);
  if (!found) return;
  const { name, problem, missing } = found;
  throw invalid(
    `Cannot create the run: its workflow ${problem}`,
    `/inputs${pointerPart(name)}`,
    missing && { missing: [...missing] },
  );
}
