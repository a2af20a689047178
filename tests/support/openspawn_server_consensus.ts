import { randomUUID } from "node:crypto";
import { boom, refuse, text, uuid } from "./openspawn_server_state.ts";
import type { Any, Route, State } from "./openspawn_server_state.ts";

import { makeTask } from "./openspawn_server_tasks.ts";

const newTemplateId = (): string => `tmpl_1_${randomUUID().slice(0, 6)}`;

function votable(state: State, id: string): Any {
  return state.consensus.find((one) => one.id === uuid(id)) ??
    refuse(404, "Consensus request not found");
}

const withRequester = (state: State, one: Any): Any => ({
  ...one,
  requester: state.entity(state.agent(one.requesterId)),
});

export const consensusRoutes: readonly Route[] = [
  ["POST", "/tasks/:id/create-template", ({ params, body }, state) => {
    const { title, priority } = state.task(params.id!);
    const id = newTemplateId();
    state.templates.set(id, { id, name: text(body?.name), title, priority });
    // The event wants a UUID.
    return boom();
  }],
  ["GET", "/tasks/templates", (_, state) => ({
    data: [...state.templates.values()],
  })],
  ["POST", "/tasks/templates/instantiate", ({ actor, body }, state) => {
    const template = state.templates.get(body?.templateId) ??
      refuse(404, "Template not found");
    const fill = (words: string): string =>
      words.replace(
        /\{\{(\w+)\}\}/g,
        (_, name) => body.variables?.[name] ?? "",
      );
    const title = fill(body.titleOverride ?? template.title);
    return { data: [makeTask(state, actor, { title })] };
  }],
  ["POST", "/tasks/templates", ({ body }, state) => {
    const id = newTemplateId();
    state.templates.set(id, { ...body, id, name: text(body?.name) });
    return boom();
  }],
  ["GET", "/tasks/templates/:id", ({ params }, state) => ({
    data: state.templates.get(params.id!) ?? refuse(404, "Template not found"),
  })],
  ["DELETE", "/tasks/templates/:id", ({ params }, state) => {
    if (!state.templates.delete(params.id!)) refuse(404, "Template not found");
    return boom();
  }],
  ["POST", "/tasks/consensus", ({ actor, body }, state) => {
    if (actor.kind !== "agent") boom();
    const row = state.row({
      type: text(body?.type),
      status: "PENDING",
      title: text(body.title, 255),
      description: text(body.description),
      requesterId: actor.id,
      subjectId: body.subjectId ? uuid(body.subjectId) : null,
      subjectType: body.subjectType ?? null,
      quorumRequired: body.quorumRequired ?? 2,
      approvalThreshold: body.approvalThreshold ?? 50,
      votesApprove: 0,
      votesReject: 0,
      votesAbstain: 0,
      expiresAt: state.date(),
      decidedAt: null,
      metadata: { eligibleVoters: body.voterIds ?? [] },
      updatedAt: state.date(),
    });
    state.consensus.push(row);
    state.emit(actor, "consensus.created", row.id);
    return { data: row };
  }],
  ["GET", "/tasks/consensus/pending", (_, state) => ({
    data: state.consensus.filter(({ status }) => status === "PENDING")
      .map((one) => withRequester(state, one)),
  })],
  ["GET", "/tasks/consensus/votable", ({ actor }, state) => ({
    data: state.consensus.filter(({ id, status }) =>
      status === "PENDING" &&
      !state.votes.some((vote) =>
        vote.requestId === id && vote.voterId === actor.id
      )
    ).map((one) => withRequester(state, one)),
  })],
  ["GET", "/tasks/consensus/:id", ({ params }, state) => {
    const one = state.consensus.find(({ id }) => id === uuid(params.id)) ??
      boom();
    return {
      data: {
        ...withRequester(state, one),
        votes: state.votes.filter(({ requestId }) => requestId === one.id)
          .map((vote) => ({
            ...vote,
            voter: state.entity(state.agent(vote.voterId)),
          })),
      },
    };
  }],
  ["POST", "/tasks/consensus/:id/vote", ({ actor, params, body }, state) => {
    if (actor.kind !== "agent") boom();
    const one = votable(state, params.id!);
    if (one.status !== "PENDING") refuse(400, "Voting is closed");
    const mine = state.votes.some(({ requestId, voterId }) =>
      requestId === one.id && voterId === actor.id
    );
    if (mine) refuse(400, "Already voted");
    const row = state.row({
      requestId: one.id,
      voterId: actor.id,
      vote: text(body?.vote),
      reason: body.reason ?? null,
      voterLevel: actor.agent.level,
    });
    state.votes.push(row);
    if (row.vote === "APPROVE") one.votesApprove++;
    else if (row.vote === "REJECT") one.votesReject++;
    else one.votesAbstain++;
    const { votesApprove: yes, votesReject: no, votesAbstain } = one;
    if (yes + no + votesAbstain >= one.quorumRequired && yes + no > 0) {
      one.status = yes / (yes + no) * 100 >= one.approvalThreshold
        ? "APPROVED"
        : "REJECTED";
      one.decidedAt = state.date();
    }
    return { data: row, message: "Vote recorded" };
  }],
  ["DELETE", "/tasks/consensus/:id", ({ actor, params }, state) => {
    const one = votable(state, params.id!);
    if (one.requesterId !== actor.id) refuse(403, "Only the requester");
    if (one.status !== "PENDING") refuse(400, "Not pending");
    one.status = "CANCELLED";
    return { data: one, message: "Cancelled" };
  }],
];
