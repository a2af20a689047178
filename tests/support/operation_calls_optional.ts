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
    call: (c, o) => c.agents.list(o),
    ...both("GET", "/agents"),
    gate: ["agents.manifestRuntime"],
    answer: { agents: [], total: 0 },
  },
  "agents.get": {
    call: (c, o) => c.agents.get("core.x", o),
    ...both("GET", "/agents/core.x"),
    gate: ["agents.manifestRuntime"],
    answer: { agentId: "core.x" },
  },
  "agents.listDeployments": {
    call: (c, o) => c.agents.listDeployments("core.x", o),
    ...both("GET", "/agents/core.x/deployments"),
    answer: [],
    gate: ["agents.deployment"],
  },
  "agents.deploy": {
    call: (c, o) =>
      c.agents.deploy("core.x", { version: "1.0.0", transition: "promote" }, o),
    ...both("POST", "/agents/core.x/deployments"),
    body: { version: "1.0.0", transition: "promote" },
    gate: ["agents.deployment"],
  },
  "agents.listRoster": {
    call: (c, o) => c.agents.listRoster(o),
    ...both("GET", "/agents/roster"),
    gate: ["agents.roster"],
    answer: { roster: [], total: 0 },
  },
  "agents.getRosterEntry": {
    call: (c, o) => c.agents.getRosterEntry("host:kim", o),
    v2: "GET /agents/roster/host~3Akim",
    v1: "GET /v1/agents/roster/host%3Akim",
    gate: ["agents.roster"],
    answer: { rosterId: "host:kim" },
  },
  "agents.orgChart": {
    call: (c, o) => c.agents.orgChart(o),
    ...both("GET", "/agents/org-chart"),
    gate: ["agents.orgChart"],
    answer: { departments: [], members: [] },
  },
  "agents.getDepartment": {
    call: (c, o) => c.agents.getDepartment("d", { recursive: false }, o),
    ...both("GET", "/agents/org-chart/d?recursive=false"),
    gate: ["agents.orgChart"],
    answer: { department: {}, members: [] },
  },
  "tools.list": {
    call: (c, o) => c.tools.list({ view: "compact" }, o),
    ...both("GET", "/tools?view=compact"),
    gate: ["toolCatalog"],
  },
  "tools.get": {
    call: (c, o) => c.tools.get("t", undefined, o),
    ...both("GET", "/tools/t"),
    gate: ["toolCatalog"],
    answer: { toolId: "t" },
  },
  "prompts.list": {
    call: (c, o) => first(c.prompts.list({ kind: "user", tag: ["a", "b"] }, o)),
    ...both("GET", "/prompts?kind=user&tag=a&tag=b"),
    answer: { items: [template] },
    gate: ["prompts", "prompts.endpointsSupported"],
  },
  "prompts.create": {
    call: (c, o) => c.prompts.create(template, o),
    ...both("POST", "/prompts"),
    body: template,
    gate: ["prompts", "prompts.mutableLibrary"],
    answer: template,
  },
  "prompts.get": {
    call: (c, o) => c.prompts.get("t", { version: "1.0.0" }, o),
    ...both("GET", "/prompts/t?version=1.0.0"),
    gate: ["prompts", "prompts.endpointsSupported"],
    answer: template,
  },
  "prompts.update": {
    call: (c, o) => c.prompts.update("t", template, o),
    ...both("PUT", "/prompts/t"),
    body: template,
    gate: ["prompts", "prompts.mutableLibrary"],
    answer: template,
  },
  "prompts.delete": {
    call: (c, o) => c.prompts.delete("t", o),
    ...both("DELETE", "/prompts/t"),
    contract: "never",
    gate: ["prompts", "prompts.mutableLibrary"],
  },
  "prompts.render": {
    call: (c, o) => c.prompts.render({ ref: "prompt:t", variables: {} }, o),
    ...both("POST", "/prompts:render"),
    body: { ref: "prompt:t", variables: {} },
    contract: "never",
    gate: ["prompts", "prompts.endpointsSupported"],
    answer: { hash: "sha256:0" },
  },
  "content.listPages": {
    call: (c, o) => c.content.listPages(o),
    ...both("GET", "/content/pages"),
    answer: [],
    gate: ["content"],
  },
  "content.createPage": {
    call: (c, o) => c.content.createPage(page, o),
    ...both("POST", "/content/pages"),
    body: page,
    contract: "never",
    gate: ["content"],
  },
  "content.getPage": {
    call: (c, o) => c.content.getPage("s", o),
    ...both("GET", "/content/pages/s"),
    auth: false,
    gate: ["content"],
    answer: { slug: "s", sections: [] },
  },
  "content.deletePage": {
    call: (c, o) => c.content.deletePage("s", o),
    ...only2("DELETE", "/content/pages/s"),
    contract: "never",
    gate: ["content"],
  },
  "content.updateSection": {
    call: (c, o) =>
      c.content.updateSection("p", "x", { locale: "en", data: { a: 1 } }, o),
    ...both("PUT", "/content/pages/p/sections/x"),
    body: { locale: "en", data: { a: 1 } },
    contract: "never",
    gate: ["content"],
  },
  "content.getSettings": {
    call: (c, o) => c.content.getSettings(o),
    ...both("GET", "/content/settings"),
    gate: ["content"],
    answer: settings,
  },
  "content.updateSettings": {
    call: (c, o) => c.content.updateSettings(settings, o),
    ...both("PUT", "/content/settings"),
    body: settings,
    contract: "never",
    gate: ["content"],
    answer: settings,
  },
  "triggerSubscriptions.create": {
    call: (c, o) =>
      c.triggerSubscriptions.create({ source: "form", workflowId: "w" }, o),
    ...both("POST", "/trigger-subscriptions"),
    body: { source: "form", workflowId: "w" },
    gate: [
      "triggerBridge",
      "triggerBridge.ingestion.registrationEndpoint",
    ],
    answer: { subscription: { subscriptionId: "s" }, binding: {} },
  },
  "audit.verify": {
    call: (c, o) => c.audit.verify({ fromSeq: 0, toSeq: 9 }, o),
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
    call: (c, o) => c.workspace.list({ prefix: "a" }, o),
    ...only1("GET", "/host/workspace/files?prefix=a"),
    gate: ["workspace"],
    answer: { files: [] },
  },
  "workspace.read": {
    call: (c, o) => c.workspace.read("a/b.md", { version: 2 }, o),
    ...only1("GET", "/host/workspace/files/a%2Fb.md?version=2"),
    gate: ["workspace"],
    answer: { path: "a/b.md", content: "x" },
  },
  "workspace.write": {
    call: (c, o) => c.workspace.write("a.md", { content: "x" }, o),
    ...only1("PUT", "/host/workspace/files/a.md"),
    body: { content: "x" },
    gate: ["workspace"],
    answer: { path: "a.md", version: 1 },
  },
  "workspace.delete": {
    call: (c, o) => c.workspace.delete("a.md", o),
    ...only1("DELETE", "/host/workspace/files/a.md"),
    gate: ["workspace"],
  },
  "packs.get": {
    call: (c, o) => c.packs.get("core.flow", "1.2.0", o),
    ...only1("GET", "/packs/core.flow/-/1.2.0.json"),
    answer: { name: "core.flow", version: "1.2.0" },
  },
} satisfies Readonly<Record<string, OperationCall>>;
