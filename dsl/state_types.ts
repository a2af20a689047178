// Web standards only.
import type { JsonValue } from "../src/openwop/protocol/mod.ts";
import type { AskingHandle, Reserved } from "./parts.ts";
import type { MaybeRef, Present } from "./ref.ts";

/** What a fork may begin with otherwise: variables and what channels hold by name, outputs of steps by step. */
export type EditableState<Scope, Gates> = {
  readonly [
    Name in keyof Scope as Exclude<
      Name & string,
      keyof Gates | Reserved | `~${string}`
    >
  ]?: EditOf<Scope[Name]>;
};

/** The value that a variable or channel stands for; of a step its outputs, each of which may be left as it is. */
export type EditOf<Given> = Given extends MaybeRef<unknown>
  ? Given["stands for"]
  : {
    readonly [Port in keyof Given]?: Given[Port] extends MaybeRef<unknown>
      ? Given[Port]["stands for"]
      : never;
  };

/** The state of a workflow of which no types are known. */
export type AnyState = Readonly<Record<string, JsonValue>>;

/** Holds an edit to the state of a workflow, with a sentence for a name that it does not have. */
export type StateEdit<Edit, State> = {
  readonly [Name in keyof Edit]: Name extends keyof State ?
      & Present<State[Name]>
      & NoOtherKeys<Edit[Name], Present<State[Name]>, Name & string>
    : `there is no variable, channel or plain step "${Name & string}"`;
};

/** Refuses the handle of a question, with a sentence. */
export type NoQuestion<Step> = Step extends AskingHandle<unknown>
  ? "it is a question: say with on() how it is answered"
  : unknown;

/** Refuses keys that an object does not have, with a sentence. */
export type NoOtherKeys<Given, Known, Name extends string> = Known extends
  readonly unknown[] ? unknown
  : Known extends object ? {
      readonly [Key in keyof Given as Exclude<Key, keyof Known>]:
        `"${Name}" has no "${
          & Key
          & string}"`;
    }
  : unknown;
