// Web standards only.
import type { JsonObject } from "../src/openwop/protocol/mod.ts";
import type { MaybeRef, MaybeRefs, Refs } from "./ref.ts";

/** Names that no step can have. */
export type Reserved = "input" | "output" | "configurable";

/** References to what a run is given; remembers what may be handed to `start()`. */
export type InputRefs<In, Accepted> = Refs<Accepted> & {
  /** Never present at run time. */
  readonly "~given"?: In;
};

/** What the scope of a workflow without any step holds. */
export type InputScope<Input> = {
  /** What the run was given. */
  readonly input: Input;
};

/** The same, where what is declared becomes a definition and nothing more. */
export interface DefinitionScope<Input> extends InputScope<Input> {
  /** Never present at run time. */
  readonly "~builds": "definition";
}

/** The same, where what is declared gets a prefix, so that its names are others outside. */
export interface FragmentScope<Input> extends DefinitionScope<Input> {
  /** Never present at run time. */
  readonly "~named": "with a prefix";
}

/** The value that `start()` takes for a scope. */
export type GivenIn<Scope> = Scope extends
  { readonly input: { readonly "~given"?: infer In } } ? In : JsonObject;

/** What a chain adds before its first step; the name is for the reader of a message of the compiler. */
// deno-lint-ignore no-empty-interface
export interface StepsSoFar {}

/** What a step gives that gives nothing. */
// deno-lint-ignore no-empty-interface
export interface NoOutputs {}

/** The interrupts of a chain that has none. */
// deno-lint-ignore no-empty-interface
export interface NoGates {}

/** What the compiler knows of a chain of steps. */
export interface Known<Scope, Added, Used, Gates> {
  /** What was there when it began. */
  readonly scope: Scope;
  /** References to the steps that it added, by step. */
  readonly added: Added;
  /** What its functions can refer to. */
  readonly refs: Scope & Added;
  /** The names that are taken. */
  readonly used: Used;
  /** Its interrupts by name. */
  readonly gates: Gates;
}

/** {@linkcode Known} of any chain. With names for all, so that no two scopes are ever compared: that costs the square of their length. */
export interface AnyKnown {
  /** What was there when it began. */
  readonly scope: unknown;
  /** References to the steps that it added, by step. */
  readonly added: unknown;
  /** What its functions can refer to. */
  readonly refs: unknown;
  /** The names that are taken. */
  readonly used: unknown;
  /** Its interrupts by name. */
  readonly gates: unknown;
}

/** Any chain of steps. */
export interface AnyPart {
  /** Never present at run time. */
  readonly "~part": AnyKnown;
}

/** What the compiler knows of a chain. */
export type KnownBy<P extends AnyPart> = P["~part"];

/** What was there when a chain began. */
export type ScopeOf<P extends AnyPart> = P["~part"]["scope"];

/** What a chain adds to it. */
export type AddedBy<P extends AnyPart> = P["~part"]["added"];

/** What the functions of a chain can refer to. */
export type RefsIn<P extends AnyPart> = P["~part"]["refs"];

/** A function of what a chain can refer to. An editor shows the function, and not the name of this type, for the `unknown`. */
export type From<P extends AnyPart, Given> =
  & ((refs: RefsIn<P>) => Given)
  & unknown;

/** Says for each port what it gets; refuses ports that `In` does not have. */
export type Inputs<P extends AnyPart, Given, In> =
  & ((refs: RefsIn<P>) => Given & NoOtherPorts<Given, In>)
  & unknown;

/** The names that a chain uses up. */
export type UsedBy<P extends AnyPart> = P["~part"]["used"];

/** The interrupts of a chain, by name. */
export type GatesOf<P extends AnyPart> = P["~part"]["gates"];

/** Several chains, by name. */
export type AnyParts = Readonly<Record<string, AnyPart>>;

/** All of a union at once. */
export type AllOf<Union> =
  (Union extends unknown ? (each: Union) => void : never) extends
    (all: infer All) => void ? All : never;

/** What a case adds, where nobody knows whether it will be taken. */
export type Uncertain<Added> = {
  readonly [Step in keyof Added]: MaybeRefs<Added[Step]>;
};

/** A value whose type says what is certain in a case of a branch on it, by case. */
export interface Tells<Then> {
  /** Never present at run time. */
  readonly "~then": Then;
}

/** What the value of a branch tells of one of its cases. */
export type ToldIn<On, Case> = On extends Tells<infer Then>
  ? Case extends keyof Then ? Then[Case] : unknown
  : unknown;

/** What several chains add that all run. */
export type AddedByAll<All extends AnyParts> = AllOf<AddedBy<All[keyof All]>>;

/** What several chains add of which some may not run. */
export type AddedByAny<All extends AnyParts> = AllOf<
  Uncertain<AddedBy<All[keyof All]>>
>;

/** The names that several chains use up. */
export type UsedByAny<All extends AnyParts> = UsedBy<All[keyof All]>;

/** The interrupts of several chains, by name. */
export type GatesOfAll<All extends AnyParts> = AllOf<GatesOf<All[keyof All]>>;

/** The interrupts of a fragment (`<prefix>-`) or of a child (`<step>.`), by the names that they have outside of it. */
export type GatesUnder<Path extends string, Gates> = {
  readonly [Gate in keyof Gates as `${Path}${Gate & string}`]: Gates[Gate];
};

/**
 * What is asked of people by a kind of step, in the type of its output: so its handle knows how the question is answered.
 * `Gate` has the type of the answer, as in `{ answer: { amount: number } }`, and of what is shown, under `data`.
 */
export interface Asks<Gate> {
  /** Never present at run time. */
  readonly "~asks"?: Gate;
}

/** What `add()` gave for a step, by which forks begin there. */
export interface StepHandle {
  /** Never present at run time. */
  readonly "~step": true;
}

/** The name of a step that was added with `add()`, as `stepName()` gives it: no type knows more of it. */
export type StepName = string & StepHandle;

/** What `add()` gave for a step that asks something. */
export interface AskingHandle<Gate> {
  /** Never present at run time. */
  readonly "~asks": MaybeRef<Gate>;
}

/** The interrupt that is meant by its name or by its handle. */
export type GateAt<Gates, Which> = Which extends AskingHandle<infer Gate> ? Gate
  : Gates[Which & keyof Gates];

/** The names of the interrupts that a run asks itself: those of its children have a dot. */
export type OwnGate<Gates> = Exclude<
  keyof Gates & string,
  `${string}.${string}`
>;

/** One name with what it stands for. */
export type Named<Name extends string, T> = { readonly [Key in Name]: T };

/** `Name`, or a sentence where it is taken. */
export type FreeName<Name extends string, Used> = Name extends Used
  ? `the name "${Name}" is already taken`
  : Name;

/** What nothing is: the compiler says what it lacks, and that is the sentence. */
export type Sentence<Words extends string> = {
  readonly [Key in Words]: true;
};

/** Refuses ports that `In` does not have, with a sentence. The literal in it keeps literals elsewhere as they are. */
export type NoOtherPorts<Given, In> = {
  readonly [Port in Exclude<keyof Given, keyof In>]: Refused<
    `there is no port "${Port & string}" here`
  >;
};

/** A sentence that can be intersected with any type without being lost. */
export type Refused<Words extends string> = Words | Sentence<Words>;

/** Asks for a case for every value, or for `otherwise`; refuses what the value never is, with a sentence. */
export type EveryCase<Value extends string, Cases> = string extends Cases
  ? unknown
  :
    & {
      readonly [Case in Exclude<Cases, Value | "otherwise"> & string]: Sentence<
        `the value is never "${Case}"`
      >;
    }
    & ("otherwise" extends Cases ? unknown
      : string extends Value ? CasesFor<
          "otherwise",
          "the value may be any text: say what happens with all others"
        >
      : CasesFor<Exclude<Value, Cases>>);

/** Asks for a case for each of these; `Why` is for the reader of a message of the compiler. */
export type CasesFor<
  Values extends string,
  Why = "every value needs its case; (w) => w does nothing",
> = { readonly [Case in Values]: (w: never) => AnyPart };
