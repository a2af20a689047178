// The rows of docs/openspawn_operations.md: the table of the client, what the vendor's guide calls its methods, and the test that calls each.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root, text } from "./paths.mjs";

/** The methods of the vendor's guide, by ours. */
export const guide = {
  "agents.list": "agents.list",
  "agents.get": "agents.get",
  "agents.create": "agents.create",
  "agents.update": "agents.update",
  "agents.revoke": "agents.revoke",
  "agents.getBalance": "agents.get_balance",
  "agents.spawn": "agents.spawn",
  "agents.activate": "agents.activate",
  "agents.reject": "agents.reject",
  "agents.getHierarchy": "agents.get_hierarchy",
  "tasks.list": "tasks.list",
  "tasks.get": "tasks.get",
  "tasks.create": "tasks.create",
  "tasks.transition": "tasks.transition",
  "tasks.assign": "tasks.assign",
  "tasks.approve": "tasks.approve",
  "tasks.claim": "tasks.claim",
  "credits.balance": "credits.balance",
  "credits.transfer": "credits.transfer",
  "credits.history": "credits.history",
  "credits.spend": "credits.spend",
  "messages.send": "messages.send",
  "messages.list": "messages.list",
  "messages.get": "messages.get",
  "messages.getThread": "messages.get_thread",
  "events.list": "events.list",
  "events.get": "events.get",
};

/** Methods that are made of other operations, after the one that they stand behind. */
const made = {
  "agents.list": [["agents.listPending", "agents.list", "filtered here"]],
  "tasks.assign": [
    ["tasks.claim", "agents.list, tasks.get, assign, transition", "!"],
    ["tasks.approve", "tasks.get, stampApproval, transition", "+"],
  ],
  "credits.getBalance": [["credits.balance", "credits.getBalance", "!"]],
};

const notes = {
  "agents.listPending": "the route that is meant for it is hidden",
  "agents.create": "role `hr`; makes a slug where none is given",
  "agents.update": "role `hr`",
  "agents.revoke": "role `hr`",
  "agents.getBalance": "a number",
  "agents.spawn": "from level 3; the server drops metadata and capabilities",
  "agents.activate": "parent or level 10",
  "agents.reject": "parent or level 10; a body is always sent",
  "agents.setBudget": "parent or level 10",
  "agents.addCapability": "self, parent or level 10",
  "agents.updateCapability": "self, parent or level 10",
  "agents.removeCapability": "parent or level 10",
  "agents.awardBonus": "parent or level 7",
  "agents.applyPenalty": "parent or level 7",
  "agents.demote": "founders and admins from level 9",
  "tasks.create":
    "500 for every task where the server's counter is not repaired; capabilities and credits travel in metadata",
  "tasks.transition": "`notes` is sent as `reason`; checks the answered status",
  "tasks.claim": "not atomic; ends in `in_progress`",
  "tasks.approve": "ends in `done` where the task is in `review`",
  "tasks.list": "priorities are compared here",
  "templates.create": "kept, then 500",
  "templates.createFromTask": "kept, then 500",
  "templates.delete": "deleted, then 500",
  "credits.balance": "a number",
  "credits.transfer":
    "moved, then 500: `TransferError` and `reconcileTransfer()`",
  "credits.adjust": "role `hr` or `admin`",
  "credits.history": "pages: `listTransactions()`",
  "agents.listReputation": "pages: `listReputation()`",
  "messages.list": "pages: `listMessages()`",
  "directMessages.list": "pages: `listDirectMessages()`",
  "events.list": "pages: `listEvents()`",
  "events.get": "404 where the server answers `null`",
  "directMessages.markRead": "do not rely on the number",
  "consensus.vote": "refuses words that would count as an abstention",
  "apiKeys.create": "the server refuses every field",
  "auth.login": "no credential",
  "auth.refresh": "no credential",
  "system.health": "no credential, and no prefix",
};

/** The rows, from what the entry point exports. */
export function openspawnRows({ OPERATIONS, readOperations }) {
  const tests = testsByTitle();
  const rows = [];
  const add = (method, operation, mark, isRead) => {
    const test = tests.find(({ title }) =>
      new RegExp(`\\b${method.replace(".", "\\.")}\\(\\)`).test(title)
    );
    if (!test) {
      throw new Error(
        `tests/openspawn  no test is named for ${method}()\n  fix: call it in a test whose name begins with it`,
      );
    }
    const short = test.file.replace(".test.ts", "");
    rows.push([
      `\`${method}\``,
      guide[method] ? `\`${guide[method]}\`` : "",
      operation,
      ...whoCan(mark),
      sentAs(mark, isRead),
      notes[method] ?? "",
      `[${short}](../tests/openspawn/${test.file})`,
    ]);
  };
  for (const [resource, table] of Object.entries(OPERATIONS)) {
    for (const [name, verb, path, , mark] of readOperations(table)) {
      const method = `${resource}.${name}`;
      const operation = `\`${verb} ${path}\``;
      add(method, operation, mark, verb === "GET");
      for (const [more, of, mark] of made[method] ?? []) {
        add(
          more,
          of,
          mark.length === 1 ? mark : "",
          more !== "tasks.claim" && more !== "tasks.approve",
        );
      }
    }
  }
  const known = new Set(rows.map(([method]) => method.replaceAll("`", "")));
  const lost = [...Object.keys(guide), ...Object.keys(notes)]
    .filter((method) => !known.has(method));
  if (lost.length > 0) {
    throw new Error(
      `scripts/lib/openspawn_operations.mjs  names ${
        lost.join(", ")
      }, which the client has not`,
    );
  }
  return rows;
}

/** Agent; API key or user. */
function whoCan(mark) {
  switch (mark) {
    case "!":
      return ["yes", "refused here"];
    case "+":
      return ["yes", "takes effect, 500"];
    case "@":
      return ["refused here", "user only"];
    case "-":
      return ["yes", "yes"];
    case "~":
      return ["500", "500"];
    case "!~":
      return ["500", "refused here"];
    default:
      return ["yes", "yes"];
  }
}

function sentAs(mark, isRead) {
  return mark.endsWith("~") ? "once" : isRead ? "read" : "key";
}

function testsByTitle() {
  return readdirSync(join(root, "tests/openspawn"))
    .filter((file) => file.endsWith(".test.ts"))
    .flatMap((file) =>
      [...text(`tests/openspawn/${file}`).matchAll(/^test\(\s*"([^"]+)"/gm)]
        .map(([, title]) => ({ file, title }))
    );
}
