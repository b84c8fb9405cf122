import type { Advice } from "../../advice/advice.ts";
import { StorageError } from "../../errors.ts";

/** Signals that ask for an end. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
/** Signals that want it at once. */
const FORCED_EXIT_CODES = { SIGQUIT: 131, SIGABRT: 134 } as const;

type SignalName = keyof typeof EXIT_CODES;

/** The run was stopped from outside; everything under way has been undone, unless it says something else. */
export class Interrupted extends Error {
	override readonly name = "Interrupted";
	readonly exitCode: number;
	/** What the stop has left, if anybody has said so. */
	readonly outcome: string | undefined;
	/** What to do about it. */
	readonly advice: Advice | undefined;
	readonly #signal: SignalName;

	constructor(signal: SignalName, outcome?: string, advice?: Advice) {
		super(outcome === undefined ? `stopped by ${signal}` : `stopped by ${signal}; ${outcome}`);
		this.exitCode = EXIT_CODES[signal];
		this.outcome = outcome;
		this.advice = advice;
		this.#signal = signal;
	}

	/** The same, for a run that knows what is left. */
	saying(outcome: string, advice?: Advice): Interrupted {
		return new Interrupted(this.#signal, outcome, advice);
	}
}

/**
 * A stop stays a stop, also where it could not undo everything: then it says what is left.
 *
 * @param outcome - What is left by a run of this kind, if nobody knows anything special.
 */
export function asInterrupted(error: unknown, outcome?: string): unknown {
	if (error instanceof StorageError && error.cause instanceof Interrupted) {
		const { facts, advice, cause } = error;
		return facts.outcome === undefined
			? asInterrupted(cause, outcome)
			: error.cause.saying(facts.outcome, advice);
	}
	if (!(error instanceof Interrupted)) return error;
	return error.outcome === undefined && outcome !== undefined ? error.saying(outcome) : error;
}

/** Signals that came while the program was being loaded, and what has noted them. */
export interface EarlySignals {
	readonly caught: readonly NodeJS.Signals[];
	readonly listener: (signal: NodeJS.Signals) => void;
}

/** What is done about signals beside the abort. */
export interface StopListener {
	/** The first one came: something may take a while now. */
	onStop(): void;
	/** Ends the process at once. */
	onForced(exitCode: number): void;
}

/** What a process hears of signals. */
export interface HeardSignals {
	/** Aborts with the first one that asks for an end. */
	readonly signal: AbortSignal;
	/**
	 * Gives SIGHUP another meaning, as services have it: it ends nothing any more, whoever it was ignored for.
	 *
	 * @returns a function that takes that back
	 */
	onHangup(listener: () => void): () => void;
}

/**
 * Turns the first signal into an abort, so that the run can undo its work. A second one ends the
 * process at once, and so do those that are sent for that.
 *
 * @param ignored - Signals that change nothing.
 * @param early - Who has listened so far; not any more.
 */
export function abortOnSignals(
	{ onStop, onForced }: StopListener,
	ignored: readonly SignalName[],
	early: EarlySignals,
): HeardSignals {
	const controller = new AbortController();
	let hangup: (() => void) | undefined;
	const handle = (name: NodeJS.Signals) => {
		const signal = name as SignalName; // only these are listened to
		if (signal === "SIGHUP" && hangup !== undefined) return hangup();
		if (ignored.includes(signal)) return;
		if (controller.signal.aborted) return onForced(EXIT_CODES[signal]);
		onStop();
		controller.abort(new Interrupted(signal));
	};
	const names = Object.keys(EXIT_CODES) as SignalName[];
	for (const name of names) process.on(name, handle).off(name, early.listener);
	for (const [name, exitCode] of Object.entries(FORCED_EXIT_CODES))
		process.on(name, () => onForced(exitCode));
	for (const name of early.caught) handle(name);
	return {
		signal: controller.signal,
		onHangup(listener) {
			hangup = listener;
			return () => {
				hangup = undefined;
			};
		},
	};
}
