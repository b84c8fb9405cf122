import type { ArchiveSize } from "./archive.ts";
import type { Operation } from "./proxy/operation.ts";
import type { Rule } from "./proxy/plan.ts";
import type { WireFault } from "./proxy/wire.ts";

/** The object under the key before the run: one that is not like the archive, the same bytes, or none. */
export type Previous = "other" | "same" | "none";

/** In which way an upload is done; whichever it is, a scenario ends the same. */
export interface Variant {
	readonly scheme: "http" | "https";
	readonly transport: "parts" | "lib-storage";
}

/** A bad day: what goes wrong, and how a run has to end. */
export interface Scenario {
	/** Row of the list of bad inputs: `B25`. */
	readonly row: string;
	/** What happens, as the title of a test and the cell of a table. */
	readonly fault: string;
	readonly rules: readonly Rule[];
	/** What happens below TLS; such a scenario is about HTTPS only. */
	readonly wire?: readonly WireFault[];
	/** @defaultValue `"parts"` */
	readonly archive?: ArchiveSize;
	/** Further arguments of the command line. */
	readonly args?: readonly string[];
	/** The object that is under the key already, if any. @defaultValue `"other"` */
	readonly previous?: Previous;
	readonly expected: Expected;
	/** The run gives up before its time for retries is over, though the fault is one that may pass. */
	readonly endsEarly?: boolean;
	/** It is about time-outs, and takes a few of them: the shortest have to do. */
	readonly hurried?: boolean;
	/** Milliseconds after which the run counts as hung. */
	readonly limitMs?: number;
}

export interface Expected {
	readonly exitCode: number;
	/** What the line of the error says. */
	readonly says?: RegExp;
	/**
	 * What a failure may leave:
	 * - `nothing`: the key as it was and no upload;
	 * - `named-upload`: an upload, whose id is in the line of the error;
	 * - `no-object`: the object that was wrong is deleted;
	 * - `unconfirmed-object`: the whole object, and a line that says that it may be there.
	 *
	 * @defaultValue `"nothing"`
	 */
	readonly leaves?: "nothing" | "named-upload" | "no-object" | "unconfirmed-object";
	/** How many requests there were for an operation, exactly; `repeated`: more than without a fault. */
	readonly requests?: Partial<Readonly<Record<Operation, number>>>;
	readonly repeated?: Operation;
	/** Milliseconds it takes at least. */
	readonly atLeastMs?: number;
}

/** A fault of the list of bad inputs, by its row and its words. */
export function scenario(
	row: string,
	fault: string,
	rules: Rule | readonly Rule[],
	expected: Expected,
	more: Omit<Partial<Scenario>, "row" | "fault" | "rules" | "expected"> = {},
): Scenario {
	return { row, fault, rules: [rules].flat() as readonly Rule[], expected, ...more };
}

export const PUBLISHED: Expected = { exitCode: 0 };

export function failsWith(
	exitCode: number,
	says: RegExp,
	more: Omit<Expected, "exitCode" | "says"> = {},
): Expected {
	return { exitCode, says, ...more };
}
