/** A way in which hosts leave the text of the protocol, and the test that holds what the client makes of it. */
export interface Quirk {
  /** What they do. */
  readonly quirk: string;
  /** Which of the reference hosts were seen to. */
  readonly hosts: string;
  /** In `tests/openwop/`, without `.test.ts`. */
  readonly file: string;
  /** How its name begins. */
  readonly test: string;
}

function rows(
  file: string,
  all: readonly (readonly [quirk: string, hosts: string, test: string])[],
): readonly Quirk[] {
  return all.map(([quirk, hosts, test]) => ({ quirk, hosts, file, test }));
}

/** Every way that was seen, by part of the protocol. A test looks whether the tests are there. */
export const quirks: readonly Quirk[] = [
  // Events, streams and polls.
  ...rows("host_events", [
    [
      "stream events lack eventId, sequence and payload: seq and data stand for them",
      "memory",
      "events() reads the events of every host alike",
    ],
    [
      "events have both names of sequence and payload, and a null nodeId",
      "sqlite, postgres",
      "events() reads the events of every host alike",
    ],
    [
      "an empty payload is null on some, {} on others",
      "all",
      "events() takes an event without a payload",
    ],
    ["the first sequence is 1", "app", "events() begins at the first sequence"],
    [
      "an event has no place but the id of its frame",
      "none seen",
      "events() finds the place of an event in its frame",
    ],
    [
      "frames have no id",
      "all, for batches",
      "events() resumes by what it has read",
    ],
    [
      "a batch has no id",
      "sqlite, postgres, python, app",
      "events() resumes inside of what a batch",
    ],
    ["bufferMs=0 is refused", "app", "events() never asks for a buffer of 0"],
    [
      "a bufferMs that is too long is refused, or ignored",
      "all",
      "events() never asks for a buffer of 0",
    ],
    [
      "without Accept there is a list instead of a stream",
      "sqlite, postgres, python",
      "events() asks for a stream by name",
    ],
    [
      "a stream of a finished run ends before its end",
      "python",
      "events() reads on when a host closes the stream",
    ],
    [
      "an idle stream says nothing",
      "all but app",
      "events() waits through hours",
    ],
    ["the poll cursor skips an event", "app", "events() loses nothing by poll"],
    [
      "the poll cursor has another name, or is ignored",
      "memory, postgres",
      "events() loses nothing by poll",
    ],
    [
      "isComplete means that the run is over, not the list",
      "app",
      "events() loses nothing by poll",
    ],
    [
      "isComplete only on an empty page",
      "python",
      "events() loses nothing by poll",
    ],
    ["a poll never waits", "all", "events() paces itself"],
    [
      "the log goes on after its end, and the status with it",
      "app",
      "events() takes the first end",
    ],
    ["updates shows everything", "all", "events() leaves out of updates"],
    [
      "values shows events, or next to nothing",
      "all",
      "events() gives snapshots by asking for the run",
    ],
    [
      "messages shows everything, or nothing at all",
      "all",
      "events() gives only messages",
    ],
    [
      "a mode is refused, with a list of those there are",
      "all but memory",
      "events() says which modes there are",
    ],
    [
      "an answer is HTML",
      "python",
      "events() follows a host by poll when something in front",
    ],
    [
      "503 says in its body how long to wait",
      "postgres",
      "events() is not hurried",
    ],
  ]),
  // Questions and answers, and what can be done with a run.
  ...rows("host_runs", [
    [
      "interrupt.requested is never sent; the question stands in the snapshot, in two shapes",
      "sqlite, postgres, app",
      "interrupts() shows what a run asks",
    ],
    [
      "the token of a question stands in the log",
      "sqlite, postgres",
      "interrupts() shows what a run asks",
    ],
    [
      "a question is closed by a private event",
      "app",
      "interrupts() is empty again",
    ],
    [
      "supportedEnvelopes is empty though interrupts work",
      "sqlite, postgres",
      "accept() sends what every host takes",
    ],
    [
      "the answer to a resolve has no nodeId",
      "sqlite, postgres",
      "accept() sends what every host takes",
    ],
    [
      "a vote is told of by a private event, and the voter is named by the answer",
      "sqlite, postgres, app",
      "accept() counts votes",
    ],
    [
      "a clarification is taken though an answer is missing",
      "app",
      "answer() refuses an answer that is missing",
    ],
    [
      "the answers of a clarification are an object",
      "all",
      "answer() refuses an answer that is missing",
    ],
    [
      "the questions of a clarification are not shown",
      "app",
      "answer() sends what it has",
    ],
    [
      "an external event is refused by node, and taken by token only",
      "sqlite, postgres",
      "resolve() hands an event in by its token",
    ],
    [
      "an external event is taken though its correlation differs",
      "app",
      "resolve() refuses another event",
    ],
    [
      "an action that is not offered is taken",
      "app",
      "accept() refuses an action",
    ],
    ["edit-accept is offered as edit", "app", "edit() fits a question"],
    [
      "accept is offered as approve, and nothing else is taken",
      "app, by default",
      "accept() fits a question",
    ],
    [
      "a second answer is 404, 409 or 410",
      "all",
      "accept() says that somebody else was faster",
    ],
    [
      "a rejected approval fails the run, or does not",
      "sqlite, app",
      "result() tells a rejection",
    ],
    [
      "cancelling a finished run is no error",
      "all",
      "cancel() gives the status",
    ],
    [
      "a cancelled run completes after all",
      "app",
      "result() holds to a cancellation",
    ],
    ["a pause is in no event", "python", "waitFor(status) sees a pause"],
    [
      "pause refuses a drain policy; resume conflicts under another code",
      "python",
      "pause() throws what a host says",
    ],
    [
      "a replay begins at 0 only: 501",
      "app",
      "fork() says that a host cannot repeat",
    ],
    [
      "addresses are absolute, relative or missing",
      "all",
      "fork() says that a host cannot repeat",
    ],
    [
      "a restart starts a step twice",
      "sqlite",
      "fork({ at }) goes to the first start",
    ],
  ]),
  // What the codec, the negotiation and the resources even out.
  ...rows("unsupported", [
    [
      "forks work though they are not advertised",
      "app",
      "a host that forks without advertising it",
    ],
    [
      "operations are missing: 404 without a code of their own",
      "all",
      "version 1: no route is unsupported",
    ],
    [
      "discovery is silent about what works",
      "all",
      "version 1: silence in discovery keeps nobody",
    ],
  ]),
  ...rows("codec_errors", [
    [
      "codes have other spellings: invalid_credential, run_not_found, internal …",
      "all",
      "codecV1 gives codes the spelling of version 2",
    ],
    [
      "three spellings of a key that was used for something else",
      "memory, sqlite, app",
      "codecV1 gives codes the spelling of version 2",
    ],
    ["waits are told in four places", "all", "codecV1 finds the wait"],
  ]),
  ...rows("codec_v1", [
    [
      "the end of a run is endedAt or completedAt",
      "all",
      "codecV1 reads the snapshots of all hosts",
    ],
    ["pages have five shapes", "all", "codecV1 reads the pages of every host"],
    [
      "no addresses in the answer to a create",
      "python",
      "codecV1 fills in what an answer",
    ],
    ["bulk cancel nests its errors", "all", "codecV1 fills in what an answer"],
  ]),
  ...rows("idempotency", [
    ["the replay header is empty or false", "all but app", "isReplayed()"],
  ]),
  ...rows("webhooks_hosts", [
    [
      "three sets of delivery headers, bare bodies, bodies without payload",
      "all but memory",
      "receiveWebhook() takes the deliveries of every host",
    ],
  ]),
  ...rows("socket", [
    [
      "the connection closes after each answer",
      "python",
      "result() reads answers whose connections close",
    ],
  ]),
];
