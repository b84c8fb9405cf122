import type { Advice } from "../advice/advice.ts";
import type { RawAnswer } from "../s3/answers.ts";
import type { Connection } from "../s3/connection.ts";
import type { Trial, TrialPart } from "./trial.ts";

/** The finding of one check. */
export interface Finding {
	/** `fail`: uploads will not succeed. `warn`: they will, with a drawback. */
	readonly status: "pass" | "warn" | "fail";
	readonly message: string;
	/** Advice on what to do. */
	readonly advice?: Advice | undefined;
	/** The same for programs. */
	readonly facts?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
	/** Set if the storage could not be reached, as opposed to having refused. */
	readonly network?: true | undefined;
}

/** One question to the storage. What it throws becomes a failure. */
export interface Check {
	/** A word or two; the operation, if it is about one. */
	readonly name: string;
	/** If it fails, there is no sense in going on. */
	readonly essential?: true;
	/** Leaves an object behind, for a while at least. */
	readonly writes?: true;
	run(context: DoctorContext): Promise<Finding>;
}

/** The tools that checks share, and the facts they pass on to later checks. */
export interface DoctorContext {
	readonly connection: Connection;
	readonly bucket: string;
	readonly prefix: string;
	/** Requests about a key of our own, and the clearing up. */
	readonly trial: Trial;
	/** The first response of the storage, and how long connecting and responding took. */
	firstAnswer: (RawAnswer & { readonly elapsedMs: number; readonly error: unknown }) | undefined;
	/** The bucket keeps objects for a time that it sets, and nobody can delete them earlier. */
	retained: boolean;
	/** An upload whose parts were copied, but for the last, while it is open. */
	copied: { readonly uploadId: string; readonly parts: readonly TrialPart[] } | undefined;
}

type Facts = Finding["facts"];

export function pass(message: string, facts?: Facts): Finding {
	return { status: "pass", message, facts };
}

export function warn(message: string, advice?: Advice | string, facts?: Facts): Finding {
	return { status: "warn", message, advice: toAdvice(advice), facts };
}

export function fail(message: string, advice?: Advice | string, facts?: Facts): Finding {
	return { status: "fail", message, advice: toAdvice(advice), facts };
}

function toAdvice(advice: Advice | string | undefined): Advice | undefined {
	return typeof advice === "string" ? { kind: "other", text: advice } : advice;
}
