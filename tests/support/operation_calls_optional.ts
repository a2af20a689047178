import { both, first, only1, only2 } from "./operation_call.ts";
import type { OperationCall } from "./operation_call.ts";

const template = {
  templateId: "t",
  version: "1.0.0",
  kind: "user",
  text: "Hi",
} as const;
const page = {
  pageId: "p",
  slug: "s",
  name: "S",
  status: "draft",
  sectionOrder: [],
} as const;
const settings = {
  baseLocale: "en",
  supportedLocales: ["en"],
  autoTranslateOnPublish: false,
};

/** The operations that hosts may leave out as a whole. Source: v2 §6.2 rows 31 to 55; v1 §5.2. */
export const optionalCalls = {
  "agents.list": {
    call: (c) => c.agents.list(),
    ...both("GET", "/agents"),
    gate: ["agents.manifestRuntime"],
    answer: { agents: [], total: 0 },
  },
  "agents.get": {
    call: (c) => c.agents.get("core.x"),
    ...both("GET", "/agents/core.x"),
    gate: ["agents.manifestRuntime"],
    answer: { agentId: "core.x" },
  },
  "agents.listDeployments": {
    call: (c) => c.agents.listDeployments("core.x"),
    ...both("GET", "/agents/core.x/deployments"),
    answer: [],
    gate: ["agents.deployment"],
  },
  "agents.deploy": {
    call: (c) =>
      c.agents.deploy("core.x", { version: "1.0.0", transition: "promote" }),
    ...both("POST", "/agents/core.x/deployments"),
    body: { version: "1.0.0", transition: "promote" },
    gate: ["agents.deployment"],
  },
  "agents.listRoster": {
    call: (c) => c.agents.listRoster(),
    ...both("GET", "/agents/roster"),
    gate: ["agents.roster"],
    answer: { roster: [], total: 0 },
  },
  "agents.getRosterEntry": {
    call: (c) => c.agents.getRosterEntry("host:kim"),
    v2: "GET /agents/roster/host~3Akim",
    v1: "GET /v1/agents/roster/host%3Akim",
    gate: ["agents.roster"],
    answer: { rosterId: "host:kim" },
  },
  "agents.orgChart": {
    call: (c) => c.agents.orgChart(),
    ...both("GET", "/agents/org-chart"),
    gate: ["agents.orgChart"],
    answer: { departments: [], members: [] },
  },
  "agents.getDepartment": {
    call: (c) => c.agents.getDepartment("d", { recursive: false }),
    ...both("GET", "/agents/org-chart/d?recursive=false"),
    gate: ["agents.orgChart"],
    answer: { department: {}, members: [] },
  },
  "tools.list": {
    call: (c) => c.tools.list({ view: "compact" }),
    ...both("GET", "/tools?view=compact"),
    gate: ["toolCatalog"],
  },
  "tools.get": {
    call: (c) => c.tools.get("t"),
    ...both("GET", "/tools/t"),
    gate: ["toolCatalog"],
    answer: { toolId: "t" },
  },
  "prompts.list": {
    call: (c) => first(c.prompts.list({ kind: "user" })),
    ...both("GET", "/prompts?kind=user"),
    answer: { items: [template] },
    gate: ["prompts", "prompts.endpointsSupported"],
  },
  "prompts.create": {
    call: (c) => c.prompts.create(template),
    ...both("POST", "/prompts"),
    body: template,
    gate: ["prompts", "prompts.mutableLibrary"],
    answer: template,
  },
  "prompts.get": {
    call: (c) => c.prompts.get("t", { version: "1.0.0" }),
    ...both("GET", "/prompts/t?version=1.0.0"),
    gate: ["prompts", "prompts.endpointsSupported"],
    answer: template,
  },
  "prompts.update": {
    call: (c) => c.prompts.update("t", template),
    ...both("PUT", "/prompts/t"),
    body: template,
    gate: ["prompts", "prompts.mutableLibrary"],
    answer: template,
  },
  "prompts.delete": {
    call: (c) => c.prompts.delete("t"),
    ...both("DELETE", "/prompts/t"),
    contract: "never",
    gate: ["prompts", "prompts.mutableLibrary"],
  },
  "prompts.render": {
    call: (c) => c.prompts.render({ ref: "prompt:t", variables: {} }),
    ...both("POST", "/prompts:render"),
    body: { ref: "prompt:t", variables: {} },
    contract: "never",
    gate: ["prompts", "prompts.endpointsSupported"],
    answer: { hash: "sha256:0" },
  },
  "content.listPages": {
    call: (c) => c.content.listPages(),
    ...both("GET", "/content/pages"),
    answer: [],
    gate: ["content"],
  },
  "content.createPage": {
    call: (c) => c.content.createPage(page),
    ...both("POST", "/content/pages"),
    body: page,
    contract: "never",
    gate: ["content"],
  },
  "content.getPage": {
    call: (c) => c.content.getPage("s"),
    ...both("GET", "/content/pages/s"),
    auth: false,
    gate: ["content"],
    answer: { slug: "s", sections: [] },
  },
  "content.deletePage": {
    call: (c) => c.content.deletePage("s"),
    ...only2("DELETE", "/content/pages/s"),
    contract: "never",
    gate: ["content"],
  },
  "content.updateSection": {
    call: (c) =>
      c.content.updateSection("p", "x", { locale: "en", data: { a: 1 } }),
    ...both("PUT", "/content/pages/p/sections/x"),
    body: { locale: "en", data: { a: 1 } },
    contract: "never",
    gate: ["content"],
  },
  "content.getSettings": {
    call: (c) => c.content.getSettings(),
    ...both("GET", "/content/settings"),
    gate: ["content"],
    answer: settings,
  },
  "content.updateSettings": {
    call: (c) => c.content.updateSettings(settings),
    ...both("PUT", "/content/settings"),
    body: settings,
    contract: "never",
    gate: ["content"],
    answer: settings,
  },
  "triggerSubscriptions.create": {
    call: (c) =>
      c.triggerSubscriptions.create({ source: "form", workflowId: "w" }),
    ...both("POST", "/trigger-subscriptions"),
    body: { source: "form", workflowId: "w" },
    gate: [
      "triggerBridge",
      "triggerBridge.ingestion.registrationEndpoint",
    ],
    answer: { subscription: { subscriptionId: "s" }, binding: {} },
  },
  "audit.verify": {
    call: (c) => c.audit.verify({ fromSeq: 0, toSeq: 9 }),
    ...both("GET", "/audit/verify?fromSeq=0&toSeq=9"),
    gate: ["auditLogIntegrity", undefined!],
    answer: {
      fromSeq: 0,
      toSeq: 9,
      chainValid: true,
      checkpoints: [],
      anomalies: [],
    },
  },
  "workspace.list": {
    call: (c) => c.workspace.list({ prefix: "a" }),
    ...only1("GET", "/host/workspace/files?prefix=a"),
    gate: ["workspace"],
    answer: { files: [] },
  },
  "workspace.read": {
    call: (c) => c.workspace.read("a/b.md", { version: 2 }),
    ...only1("GET", "/host/workspace/files/a%2Fb.md?version=2"),
    gate: ["workspace"],
    answer: { path: "a/b.md", content: "x" },
  },
  "workspace.write": {
    call: (c) => c.workspace.write("a.md", { content: "x" }),
    ...only1("PUT", "/host/workspace/files/a.md"),
    body: { content: "x" },
    gate: ["workspace"],
    answer: { path: "a.md", version: 1 },
  },
  "workspace.delete": {
    call: (c) => c.workspace.delete("a.md"),
    ...only1("DELETE", "/host/workspace/files/a.md"),
    gate: ["workspace"],
  },
  "packs.get": {
    call: (c) => c.packs.get("core.flow", "1.2.0"),
    ...only1("GET", "/packs/core.flow/-/1.2.0.json"),
    answer: { name: "core.flow", version: "1.2.0" },
  },
} satisfies Readonly<Record<string, OperationCall>>;
