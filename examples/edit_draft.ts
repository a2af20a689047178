// Teaches: a person who does not only say yes or no, but hands back a better version.
import { defineNode, type, workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import assert from "node:assert/strict";

const draft = defineNode({
  typeId: "local.edit.draft",
  input: type<{ to: string }>(),
  output: type<{ mail: { subject: string; body: string } }>(),
  run: ({ to }) => ({ mail: { subject: "Hello", body: `Dear ${to}` } }),
});
const send = defineNode({
  typeId: "local.edit.send",
  input: type<{ subject: string; body: string }>(),
  output: type<{ sent: string }>(),
  run: ({ subject, body }) => ({ sent: `${subject}: ${body}` }),
});

export const mail = workflow("mail", { version: "1.0.0" })
  .input(type<{ to: string }>({ to: "string" }))
  .step("draft", draft, ({ input }) => ({ to: input.to }))
  .approval("editor", ({ draft }) => ({
    title: "Send this mail?",
    data: { mail: draft.mail },
  }), { edit: type<{ subject: string; body: string }>() })
  .branch(({ editor }) => editor.action, {
    accept: (w) =>
      w.step("as-is", send, ({ draft }) => ({
        subject: draft.mail.subject,
        body: draft.mail.body,
      })),
    "edit-accept": (w) =>
      w.step("edited", send, ({ editor }) => ({
        subject: editor.edited.subject,
        body: editor.edited.body,
      })),
    reject: (w) => w,
  })
  .output(({ edited, "as-is": plain }) => ({
    edited: edited.sent,
    plain: plain.sent,
  }))
  .build();

const host = createHost({ workflows: [mail] });
const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });

const run = await mail.start(client, { to: "Ada" });
await run.interrupt("editor").edit({
  subject: "Good news",
  body: "Dear Ada, it works",
});
const { output } = await run.result();
assert.deepEqual(output, { edited: "Good news: Dear Ada, it works" });
console.log(`Sent as edited: ${output.edited}`);
await host.close();
